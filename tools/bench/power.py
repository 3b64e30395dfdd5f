"""What a collector does with its last moments: how soon the registers are in flash when mains is
lost, and how soon the head-end has been told.
"""

import json
import random
import re
import statistics
import struct
from dataclasses import dataclass

from rich.table import Table

from host_sim.models.taps import START_S, Taps
from host_sim.peripherals.flash import PROGRAM_TABLE_US
from host_sim.process import MICROPYTHON
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.bench.flash import BenchError

NAME: str = "power"
SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
BOARDS = ("esp32_devkit", "esp32_c3_devkit")
SEED = 1
SPACING_S = 240  # the time is known again, and the outage before told
HOLD_UP_US = 300_000
ROUND_TRIP_US = 40_000
FIGURES = (
    Figure("checkpoint_ms", "registers and event in flash, median ms", 1),
    Figure("checkpoint_most_ms", "  the slowest", 1, at_most=20),
    Figure("last_gasp_ms", "at the broker, median ms", 1),
    Figure("last_gasp_most_ms", "  the slowest", 1, at_most=HOLD_UP_US / 1000),
    Figure("told_percent", "  told before the capacitor was empty, %", 1),
    Figure("outages", "  outages"),
)
CAPTION = """
From the loss of mains on, in simulated time: a flash as slow as its data sheet says, a round trip
of 40 ms to the broker, no time for the interpreter's own computing. {outages} outages of a minute
at random moments, a capacitor of {hold_up_ms} ms, a tap that is open.
"""


@dataclass(frozen=True)
class Size:
    """How many outages each board lives through."""

    outages: int = 200


def measure(progress: Progress, size: Size = Size()) -> Results:
    """The same outages on each board."""
    results: Results = {}
    for board in BOARDS:
        with progress.step(f"{size.outages} outages on {board}"):
            results[board] = _figures(board, size)
    return {NAME: results}


def tables(results: Results) -> list[Table]:
    """Both boards."""
    columns = [Column(board, results[NAME][board], ours=True) for board in BOARDS]
    outages = results[NAME][BOARDS[0]]["outages"]
    caption = CAPTION.format(outages=outages, hold_up_ms=HOLD_UP_US // 1000)
    return [figure.table("Power", caption, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """What was promised, and whether it is kept."""
    return [
        verdict
        for board in BOARDS
        for verdict in figure.verdicts(f"{NAME}.{board}", FIGURES, results[NAME][board])
    ]


def _figures(board: str, size: Size) -> dict[str, float]:
    rng = random.Random(SEED)
    faults, at_us = [], 400 * SECOND_US
    for _ in range(size.outages):
        faults.append(Fault(at_us, "mains", 60 * SECOND_US))
        at_us += int((SPACING_S + rng.expovariate(1 / 300)) * SECOND_US)
    hours = at_us // HOUR_US + 1
    flow = Taps(list(range(0, hours * HOUR_US, 5 * SECOND_US)))
    scenario = Scenario(
        flow,
        SEED,
        hours,
        board=board,
        settings={"mains.sense": True},
        faults=tuple(faults),
        hold_up_us=HOLD_UP_US,
    )
    simulation = Simulation(scenario, "micropython" if MICROPYTHON.exists() else "cpython")
    simulation.run()
    saved_ms = [_saved_ms(simulation, fault) for fault in faults]
    told_ms = [_told_ms(simulation, fault) for fault in faults]
    in_time_ms = sorted(each for each in told_ms if each is not None)
    return {
        "checkpoint_ms": statistics.median_high(saved_ms),
        "checkpoint_most_ms": max(saved_ms),
        "last_gasp_ms": statistics.median_high(in_time_ms or [0.0]),
        "last_gasp_most_ms": in_time_ms[-1] if in_time_ms else HOLD_UP_US,
        "told_percent": 100 * len(in_time_ms) / len(faults),
        "outages": len(faults),
    }


def _saved_ms(simulation: Simulation, fault: Fault) -> float:
    """When the event was in flash; the registers come before it."""
    lost_s = START_S + fault.at_us // SECOND_US
    times = [struct.pack("<I", lost_s + off_s) for off_s in (-1, 0)]
    event = re.compile(b"\\x11..(%s)" % b"|".join(map(re.escape, times)), re.DOTALL)
    for entry in simulation.trace.entries:
        is_record = entry.at_us >= fault.at_us and entry.kind.startswith("program journal")
        if is_record and event.search(entry.data):
            return (entry.at_us - fault.at_us + PROGRAM_TABLE_US[len(entry.data)]) / 1000
    raise BenchError(f"a loss of mains at {lost_s} is not in the journal")


def _told_ms(simulation: Simulation, fault: Fault) -> float | None:
    """When the broker had the event; None when the capacitor was empty before."""
    lost_s = START_S + fault.at_us // SECOND_US
    for entry in simulation.trace.published("events"):
        after_us = entry.at_us - fault.at_us
        if 0 <= after_us <= HOLD_UP_US + ROUND_TRIP_US:
            for event in json.loads(entry.data)["events"]:
                if event["type"] == "mains_lost" and abs((event["time"] or 0) - lost_s) <= 1:
                    return after_us / 1000
    return None
