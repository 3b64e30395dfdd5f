"""Pulse inputs: how fast a clean contact may be, and whether a bouncing one is counted once while
flash is erased beside it.
"""

import json
import random
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from host_sim.clocks import DiscreteClock
from host_sim.collector import Collector, Parts
from host_sim.models.home import SECOND_US
from host_sim.models.pulses import PulseInput
from host_sim.models.taps import START_S, START_US, Taps
from host_sim.peripherals.chip import Chip
from host_sim.peripherals.counter import Counters
from host_sim.peripherals.flash import Flash
from host_sim.peripherals.pins import Pins
from host_sim.peripherals.request import Answer, Request
from host_sim.process import MICROPYTHON
from host_sim.scenario import ESP32_HEAP_BYTES
from host_sim.shims import ops
from host_sim.trace import Trace
from host_sim.world import World
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.bench.flash import BOARD, PROGRAMS, RESULT, TASK, BenchError
from tools.bench.square_wave import SquareWave

NAME: str = "pulse"
WATER_PIN = 25
COUNTER_UNITS = 8
FLASH_BYTES = 64 * 1024
UNSET_MS = 15  # firmware/inputs.py, where the configuration sets nothing
SLOWEST_HALF_US = 100_000
LEAD_MS = 10  # of the window, before the wave and after it
WINDOW_S = 60
MARGIN_S = 2  # no pulse so close to a window's ends

FIGURES = (
    Figure("max_hz_counted", "fastest clean contact counted, Hz", 1),
    Figure("lost", "bouncing contact: pulses lost", at_most=0),
    Figure("doubled", "  counted twice", at_most=0),
    Figure("pulses", "  of so many"),
    Figure("bounces", "  bounces not counted"),
    Figure("erases", "  sectors erased meanwhile"),
)
CAPTION = """
Drivers on the simulated chip, on {vm}; what the interpreter itself needs for an interrupt is not
simulated. Fastest: closed for half of the time, {wave_pulses} pulses without a loss; by interrupt
with the {unset_ms} ms of an input that is not configured. Bouncing: {hours} hours, up to three
bounces within {bounce_ms} ms at either edge, {filter_ms} ms set for the interrupt, a sector erased
every {erase_ms} ms. The counter's filter ends at 12.8 us: a contact that bounces is not for it.
"""


@dataclass(frozen=True)
class Size:
    """How much is measured; the default is what the figures are published with."""

    wave_pulses: int = 100
    hours: int = 24
    pulses_per_min: int = 6
    bounce_ms: int = 8
    filter_ms: int = 20
    erase_ms: int = 1000


def measure(progress: Progress, size: Size = Size()) -> Results:
    """By interrupt, and by the hardware counter."""
    results: Results = {}
    for key, unset_ms, filter_ms in ((NAME, UNSET_MS, size.filter_ms), ("pulse_counter", 0, 0)):
        how = "by interrupt" if filter_ms else "by counter"
        with progress.step(f"pulses {how}, the fastest clean contact"):
            fastest_hz = _fastest_hz(size.wave_pulses, unset_ms)
        with progress.step(f"pulses {how}, {size.hours} hours of bounce"):
            results[key] = {"max_hz_counted": fastest_hz, **_bouncing(size, filter_ms)}
    results["pulse_bench"] = {**asdict(size), "unset_ms": UNSET_MS, "vm": _vm()}
    return results


def tables(results: Results) -> list[Table]:
    """The two ways beside one another."""
    columns = [
        Column("by interrupt", results[NAME], ours=True),
        Column("hardware counter", results["pulse_counter"]),
    ]
    caption = CAPTION.format(**results["pulse_bench"])
    return [figure.table("Pulse inputs", caption, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """For the input that is meant for a bouncing contact."""
    return figure.verdicts(NAME, FIGURES, results[NAME])


# --- the runs ---------------------------------------------------------------------------------


def _fastest_hz(pulses: int, min_ms: int) -> float:
    """The highest rate at which none of so many pulses is lost, found by bisection."""
    lost_us, counted_us = 0, SLOWEST_HALF_US
    while counted_us - lost_us > 1:
        half_us = (lost_us + counted_us) // 2
        window_ms = 2 * half_us * pulses // 1000 + 1 + 2 * LEAD_MS
        task = _task(min_ms, windows=1, window_ms=window_ms, pulses=pulses)
        wave = SquareWave(START_US + LEAD_MS * 1000, half_us, pulses)
        told = _run(wave, task)
        if told["lost"] or told["doubled"]:
            lost_us = half_us
        else:
            counted_us = half_us
    return SECOND_US / (2 * counted_us)


def _bouncing(size: Size, filter_ms: int) -> dict[str, int]:
    """Some hours of a bouncing contact, while sector after sector is erased."""
    rng = random.Random(1)
    windows = size.hours * 3600 // WINDOW_S
    times_us = [
        rng.randrange(
            (window * WINDOW_S + MARGIN_S) * SECOND_US,
            ((window + 1) * WINDOW_S - MARGIN_S) * SECOND_US,
        )
        for window in range(windows)
        for _ in range(size.pulses_per_min)
    ]
    contact = PulseInput(
        Taps(times_us), "water", 1, bounce_us=size.bounce_ms * 1000, closed_level=0
    )
    task = _task(
        filter_ms,
        windows=windows,
        window_ms=WINDOW_S * 1000,
        pulses=size.pulses_per_min,
        erase_ms=size.erase_ms,
    )
    return _run(contact, task)


def _task(min_ms: int, **further: int) -> dict[str, int]:
    return {"min_closed_ms": min_ms, "min_open_ms": min_ms, "erase_ms": 0, **further}


def _run(contact: PulseInput | SquareWave, task: dict[str, int]) -> dict[str, Any]:
    """The program of the folder `on_chip` with its task and the contact; what it told."""
    world = World(DiscreteClock(), 1, START_S)
    chip = Chip(world, b"")
    flash = Flash(world, Trace(), {"journal": FLASH_BYTES}, 1, write_once=False)
    counters = Counters(world, {WATER_PIN: contact}, COUNTER_UNITS)
    pins = Pins(world, chip, {WATER_PIN: contact})
    chip.is_masked = lambda: flash.is_busy
    told: dict[str, Any] = {}

    def report(request: Request) -> Answer:
        if request.handle == RESULT:
            told.update(json.loads(request.data))
        return 0, json.dumps(task).encode() if request.handle == TASK else b""

    parts = Parts(
        counters.operations() | flash.operations() | {ops.REPORT: report},
        [counters.reset, pins.reset],
        [flash.power],
    )
    programs = [PROGRAMS / "pulse.py"]
    collector = Collector(world, chip, parts, _vm(), BOARD, ESP32_HEAP_BYTES, programs)
    collector.run_until((task["windows"] * task["window_ms"] + 1000) * 1000)
    if not told:
        raise BenchError(f"pulse.py: {collector.lives[0].console}")
    return told


def _vm() -> str:
    """Without 32-bit MicroPython the drivers are measured on CPython: the figures are the same."""
    return "micropython" if MICROPYTHON.exists() else "cpython"
