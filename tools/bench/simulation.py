"""How fast the bench lives through a day of the built-in house, in discrete time, on one core."""

import resource
import time
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.build import build

NAME: str = "sim"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
DAY_S = 86_400
VMS = ("cpython", "micropython")
CAPTION = """
The whole collector with its house, meter, contacts, flash, network, broker and head-end, from the
start of the interpreter to its end; a busy machine shows. Per CPU second: of world and firmware
together. Pace: simulated seconds per second of real time.
"""

PROMISED = (
    Figure("realtime_factor_every_60_s", "the meter read every 60 s", at_least=200_000),
    Figure("realtime_factor_every_900_s", "every 900 s", at_least=1_000_000),
)


@dataclass(frozen=True)
class Size:
    """The longest run at the first polling time is the one that counts."""

    days: tuple[int, ...] = (1, 3)
    polls_s: tuple[int, ...] = (60, 900)


def measure(progress: Progress, size: Size = Size()) -> Results:
    """Real time of some days, on both interpreters."""
    build(Scenario.board)  # once, and not in the time of the run that happens to be first
    runs = [
        _run(progress, vm, poll_s, days)
        for poll_s in size.polls_s
        for vm in VMS
        for days in size.days
    ]
    longest = {
        run["vm"]: run
        for run in runs
        if (run["poll_s"], run["days"]) == (size.polls_s[0], max(size.days))
    }
    figures = {f"days_per_second_{vm}": longest[vm]["days_per_second"] for vm in VMS}
    pace = longest["micropython"]["realtime_factor"]
    best = {
        f"realtime_factor_every_{poll_s}_s": max(
            run["realtime_factor"] for run in runs if run["poll_s"] == poll_s
        )
        for poll_s in size.polls_s
    }
    return {NAME: {**figures, **best, "realtime_factor": pace, "runs": runs}}


def tables(results: Results) -> list[Table]:
    """One column for each run's length and polling time; and what was promised of the best."""
    runs = results[NAME]["runs"]
    kinds = sorted({(run["poll_s"], run["days"]) for run in runs})
    rows = [Figure(f"{vm} days_per_second", f"{vm}, days per second", 2) for vm in VMS]
    rows += [Figure(f"{vm} days_per_cpu_second", f"{vm}, per CPU second", 2) for vm in VMS]
    rows += [Figure(f"{vm} realtime_factor", f"{vm}, pace") for vm in VMS]
    columns = [
        Column(f"{days} d, read\nevery {poll_s} s", _values(runs, poll_s, days))
        for poll_s, days in kinds
    ]
    best = [Column("the best", results[NAME], ours=True)]
    return [
        figure.table("Simulated time", CAPTION, tuple(rows), columns),
        figure.table("Pace of simulated time", "", PROMISED, best),
    ]


def verdicts(results: Results) -> list[Results]:
    """What was promised, and whether it is kept."""
    return figure.verdicts(NAME, PROMISED, results[NAME])


def _run(progress: Progress, vm: str, poll_s: int, days: int) -> dict[str, Any]:
    scenario = Scenario(House(1, START_S), 1, 24 * days, settings={"meter.poll_s": poll_s})
    with progress.step(f"{days} simulated days, a reading every {poll_s} s, {vm}"):
        began_s, cpu_began_s = time.perf_counter(), _cpu_s()
        Simulation(scenario, vm).run()
        took_s, cpu_s = time.perf_counter() - began_s, _cpu_s() - cpu_began_s
    return {
        "vm": vm,
        "poll_s": poll_s,
        "days": days,
        "seconds": took_s,
        "cpu_seconds": cpu_s,
        "days_per_second": days / took_s,
        "days_per_cpu_second": days / cpu_s,
        "realtime_factor": days * DAY_S / took_s,
    }


def _cpu_s() -> float:
    """CPU time of this process and of those it has ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _values(runs: list[dict[str, Any]], poll_s: int, days: int) -> dict[str, Any]:
    return {
        f"{run['vm']} {name}": run[name]
        for run in runs
        if (run["poll_s"], run["days"]) == (poll_s, days)
        for name in ("days_per_second", "days_per_cpu_second", "realtime_factor")
    }
