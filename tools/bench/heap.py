"""What the firmware needs of an ESP32's heap: at its start, at its tightest, and after a month; on
a stock image, which has the code in the heap, and where the code is in flash.
"""

import json
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from host_sim.models.house import House
from host_sim.process import MICROPYTHON
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import HEAP_UNKNOWN, Simulation
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure

NAME: str = "heap"
FLASH_NAME = "heap_code_in_flash"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
# The firmware looks at its heap every 30 minutes of its life. That begins at 00:07, lest the meter
# be read just then, which takes some 900 bytes as long as it lasts.
OFF = Fault(MINUTE_US, "power", 6 * MINUTE_US)
VM = "micropython"
ROOM_BYTES = 4096  # for what is under way between two looks, and for garbage
# Live data differs from one look to the next by what is under way just then.
JITTER_BYTES = 256
CAPTION = """
32-bit MicroPython with the heap of an ESP32 as its limit. Stock image: the firmware's code and
names are in it, and it may double once. Code in flash: the first heap only; the same compiled
modules run from an image of ROMFS that is mapped into memory, and their names are known before.
What ROMFS leaves in the heap and a frozen build does not, the functions' heads and the tables of
constants of the modules that stay, is counted (tools/heads.py) and added to the limit. So is what
the world's shims need, on the chip C or frozen: the world runs in another process.
Live data after a full collection, as the status message tells it. The broker is away for ten days.
Growth: from the first day to the last.
"""
FIGURES = (
    Figure("limit", "heap, bytes"),
    Figure("boot_used", "used after the start, bytes"),
    Figure("low_water_free", "free at the low-water mark, bytes", at_least=ROOM_BYTES),
    Figure("growth_30_days", "growth, first day to last, bytes", at_most=JITTER_BYTES),
    Figure("failures", "restarts, and tasks that failed", at_most=0),
)


@dataclass(frozen=True)
class Size:
    """Days lived through, with the broker away for so many of them."""

    days: int = 30
    away_days: int = 10


def measure(progress: Progress, size: Size = Size()) -> Results:
    """A month with a long backlog in its middle; nothing without a 32-bit MicroPython."""
    if not MICROPYTHON.exists():
        return {NAME: {}, FLASH_NAME: {}}
    with progress.step(f"{size.days} days on the heap of an ESP32"):
        stock = _figures(size, code_in_flash=False)
    with progress.step(f"{size.days} days on half of it, with the code in flash"):
        return {NAME: stock, FLASH_NAME: _figures(size, code_in_flash=True)}


def tables(results: Results) -> list[Table]:
    """Both kinds of image."""
    if not results[NAME]:
        return []
    columns = [
        Column("stock image", results[NAME], ours=True),
        Column("code in flash", results[FLASH_NAME], ours=True),
    ]
    return [figure.table("Heap", CAPTION, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """What was promised, and whether it is kept."""
    return [
        verdict
        for name in (NAME, FLASH_NAME)
        for verdict in figure.verdicts(name, FIGURES, results[name])
    ]


def _figures(size: Size, code_in_flash: bool) -> dict[str, Any]:
    away = Fault(24 * HOUR_US, "broker", size.away_days * 24 * HOUR_US)
    scenario = Scenario(
        House(1, START_S),
        1,
        24 * size.days,
        settings={"meter.poll_s": 900},
        faults=(OFF, away) if size.away_days else (OFF,),
        code_in_flash=code_in_flash,
    )
    simulation = Simulation(scenario, VM)
    simulation.run()
    told = [json.loads(entry.data) for entry in simulation.trace.published("status")]
    free = [
        status["heap_free"] for status in told if 0 < status.get("heap_free", 0) < HEAP_UNKNOWN
    ]
    day = 4  # messages
    return {
        "limit": scenario.heap_bytes,
        "boot_used": scenario.heap_bytes - free[0],
        "low_water_free": simulation.heap_low_bytes() or 0,
        "growth_30_days": min(free[:day]) - min(free[-day:]),
        "failures": _failures(simulation),
    }


def _failures(simulation: Simulation) -> int:
    events = [
        event["type"]
        for entry in simulation.trace.published("events")
        for event in json.loads(entry.data)["events"]
    ]
    endings = [life.ending for life in simulation.collector.lives]
    restarts = sum(ending not in ("power lost", "end of run") for ending in endings)
    return restarts + events.count("task_failed")
