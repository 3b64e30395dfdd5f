"""What the firmware needs of an ESP32's heap: at its start, at its tightest, and after a month."""

import json
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from host_sim.models.house import House
from host_sim.process import MICROPYTHON
from host_sim.scenario import ESP32_HEAP_BYTES, Fault, Scenario
from host_sim.simulation import HEAP_UNKNOWN, Simulation
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure

NAME: str = "heap"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
HOUR_US = 3_600_000_000
VM = "micropython"
BUDGET_BYTES = (
    56 * 1024
)  # the chip's initial heap: what a frozen build, whose code is in flash, has
# Live data differs from one look to the next by what is under way just then.
JITTER_BYTES = 256
CAPTION = f"""
32-bit MicroPython with a heap of {ESP32_HEAP_BYTES:,} bytes, the firmware's code and names in it,
as on a stock image. The world runs in another process; what its shims need, on the chip C or
frozen, is measured at start and added to the limit. Live data after a full collection, as the
status message tells it. The broker is away for ten days. Growth: from the first day to the last.
"""


FIGURES = (
    Figure("used_at_most", "used at most, bytes", at_most=BUDGET_BYTES),
    Figure("boot_used", "used after the start, bytes"),
    Figure("low_water_free", "free at the low-water mark, bytes", at_least=8192),
    Figure("growth_30_days", "growth, first day to last, bytes", at_most=JITTER_BYTES),
    Figure("restarts", "restarts", at_most=0),
)


@dataclass(frozen=True)
class Size:
    """Days lived through, with the broker away for so many of them."""

    days: int = 30
    away_days: int = 10


def measure(progress: Progress, size: Size = Size()) -> Results:
    """A month with a long backlog in its middle; nothing without a 32-bit MicroPython."""
    if not MICROPYTHON.exists():
        return {NAME: {}}
    away = Fault(24 * HOUR_US, "broker", size.away_days * 24 * HOUR_US)
    scenario = Scenario(
        House(1, START_S),
        1,
        24 * size.days,
        settings={"meter.poll_s": 900},
        faults=(away,) if size.away_days else (),
    )
    simulation = Simulation(scenario, VM)
    with progress.step(f"{size.days} days on the heap of an ESP32"):
        simulation.run()
    return {NAME: _figures(simulation, scenario.heap_bytes)}


def tables(results: Results) -> list[Table]:
    """One column."""
    if not results[NAME]:
        return []
    return [figure.table("Heap", CAPTION, FIGURES, [Column("firmware", results[NAME], ours=True)])]


def verdicts(results: Results) -> list[Results]:
    """What was promised, and whether it is kept."""
    return figure.verdicts(NAME, FIGURES, results[NAME]) if results[NAME] else []


def _figures(simulation: Simulation, limit_bytes: int) -> dict[str, Any]:
    told = [json.loads(entry.data) for entry in simulation.trace.published("status")]
    free = [
        status["heap_free"] for status in told if 0 < status.get("heap_free", 0) < HEAP_UNKNOWN
    ]
    low = simulation.heap_low_bytes() or 0
    day = 4  # messages
    return {
        "used_at_most": limit_bytes - low,
        "boot_used": limit_bytes - free[0],
        "low_water_free": low,
        "growth_30_days": min(free[:day]) - min(free[-day:]),
        "restarts": len(simulation.collector.lives) - 1,
    }
