"""A year of each recorded water meter through the firmware: the leaks that it tells of are those
that a plain look at the recording finds.

python -m tests.sim.recorded_leaks

A meter was read once an hour, at a minute of its own that drifts: what is known are the litres
between two readings. So that these hours are the collector's, each reading is replayed at the full
hour next to it, by that meter's minute. Where readings lie more than two hours apart nobody knows
anything: the collector is without power from the last one before to the first one after.
"""

import argparse
import json
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, repeat
from pathlib import Path
from zoneinfo import ZoneInfo

from host_sim.models.recorded_home import RecordedHome, Recording
from host_sim.models.recording import Reading, read_water
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of
from tests.sim.shared_data import SHARED_DATA

HOMES = SHARED_DATA / "water" / "daiad_dev"
REFERENCE = SHARED_DATA / "water" / "daiad_leak_reference.json"
RULES = "day burst=600 hour=3785 rate=20/24 stop=72"
NAMES = {
    1: "continuous",
    2: "intermittent",
    3: "no hour without flow",
    4: "1 US gal in every hour",
    5: "20 L/h for 24 h",
    6: "600 L in 30 min",
    7: "stopped for 72 h",
}
REFERENCES = {3: "any_flow", 4: "ge_1gph_3.785L"}
HOUR_S, DAY_S = 3600, 86_400
GAP_S = 2.5 * HOUR_S
NEAR_H = 2  # of 24: told or not
ZONE = ZoneInfo("Europe/Madrid")
LATER = timedelta(weeks=418)  # 2016 to 2024: no collector believes less
MONTH_S = 30 * DAY_S


@dataclass(frozen=True)
class Event:
    """One leak: from when, in the time of the replay, for so many hours; and when it was told."""

    from_s: int
    hours: float
    told_s: int = 0

    @property
    def to_s(self) -> int:
        """When it was over."""
        return self.from_s + round(self.hours * HOUR_S)

    def __str__(self) -> str:
        began = datetime.fromtimestamp(self.from_s, UTC) - LATER
        return f"{began:%Y-%m-%d %H:%M} UTC, {self.hours:g} h"


def own_minute_s(path: Path) -> int:
    """How long after the full hour this meter was read, mostly."""
    return round(statistics.median(each.time_s % HOUR_S for each in read_water(path)[0]))


def readings_of(path: Path) -> list[Reading]:
    """At full hours; of two in one hour the later."""
    readings, _ = read_water(path)
    own_s = own_minute_s(path)
    at: dict[int, Reading] = {}
    for each in readings:
        later_s = each.time_s - own_s + round(LATER.total_seconds())
        hour_s = round(later_s / HOUR_S) * HOUR_S
        at[hour_s] = each._replace(time_s=hour_s)
    return [at[hour_s] for hour_s in sorted(at)]


def gaps_of(readings: list[Reading]) -> list[tuple[int, int]]:
    """Between readings that are too far apart: (from, to)."""
    return [(a.time_s, b.time_s) for a, b in pairwise(readings) if b.time_s - a.time_s > GAP_S]


def lived(path: Path, from_s: int, hours: int, vm: str) -> Simulation:
    """These hours through the whole firmware."""
    readings = readings_of(path)
    begin_s = readings[0].time_s
    recording = Recording(
        path.stem, begin_s, readings[-1].time_s, [], readings, gaps=[], falls=[], notices=[]
    )
    start_s = max(from_s, begin_s)
    hours = min(hours, (recording.end_s - start_s) // HOUR_S)
    home = RecordedHome(replace(recording, start_s=start_s), seed=1)
    faults = tuple(
        Fault((a - start_s) * 1_000_000, "power", (b - a) * 1_000_000)
        for a, b in gaps_of(readings)
        if start_s < a and b < start_s + hours * HOUR_S
    )
    settings = {"meter.profile": "none", "meter.poll_s": 900, "water.leak": RULES}
    simulation = Simulation(Scenario(home, 1, hours, settings=settings, faults=faults), vm)
    simulation.run()
    return simulation


def told(simulation: Simulation) -> dict[int, list[Event]]:
    """The leaks by rule; one that has not ended lasts to the end of the run."""
    found: dict[int, list[Event]] = {rule: [] for rule in NAMES}
    begun: dict[int, Event] = {}
    end_s = simulation.scenario.home.start_s + simulation.scenario.hours * HOUR_S
    for event in ledger_of(simulation).events(collector_of(simulation)):
        if not event.type.startswith("leak_"):
            continue
        rule, at_s = event.detail["rule"], event.time_s or 0
        if event.type == "leak_began":
            from_s = at_s - event.detail["lasted_s"]
            begun[rule] = Event(from_s, (end_s - from_s) / HOUR_S, at_s)
        else:
            known = begun.pop(rule)
            found[rule].append(replace(known, hours=(at_s - known.from_s) / HOUR_S))
    for rule, event in begun.items():
        found[rule].append(event)
    return found


def expected(path: Path, rule: int) -> list[Event]:
    """Those of the reference, at the hours of the replay."""
    homes = json.loads(REFERENCE.read_text())["homes"]
    listed = homes[f"daiad_dev/{path.name}"][REFERENCES[rule]]["list"]
    own_s = own_minute_s(path)
    return [Event(replayed_s(each["from"], own_s), each["hours"]) for each in listed]


def replayed_s(local: str, own_s: int) -> int:
    """The hour of the replay that a moment of the recording is at."""
    recorded = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    at_s = round(recorded.timestamp() + LATER.total_seconds())
    return round((at_s - own_s) / HOUR_S) * HOUR_S


def agree(one: Event, found: Event) -> bool:
    """Whether the leak that was found is that one, and was told within an hour of its 24th."""
    is_same = abs(found.from_s - one.from_s) <= HOUR_S
    in_time = abs(found.told_s - one.from_s - DAY_S) <= HOUR_S
    return is_same and in_time and abs(found.to_s - one.to_s) <= 2 * HOUR_S


def why(event: Event, holes: list[tuple[int, int, str]]) -> str:
    """What may make this one differ; empty where nothing does."""
    reasons = [f"{event.hours:g} h are near 24"] if abs(event.hours - 24) <= NEAR_H else []
    for from_s, to_s, what in holes:
        if from_s <= event.to_s + HOUR_S and to_s >= event.from_s - HOUR_S:
            reasons.append(what)
            break
    return ", ".join(reasons)


def holes_of(path: Path) -> list[tuple[int, int, str]]:
    """Where the recording does not say what flowed in each hour."""
    readings = readings_of(path)
    return [
        (a.time_s, b.time_s, f"{(b.time_s - a.time_s) // HOUR_S} h without a reading")
        for a, b in pairwise(readings)
        if b.time_s - a.time_s > HOUR_S
    ]


def compared(path: Path, rule: int, found: list[Event], until_s: int) -> tuple[int, list[str]]:
    """How many of the reference were found, and a line for each that differs; those that nothing
    explains say WRONG.
    """
    wanted = [each for each in expected(path, rule) if each.to_s < until_s]
    same = {one: each for one in wanted for each in found if agree(one, each)}
    holes = holes_of(path)
    lines = []
    for what, events in (
        ("not told as recorded", [each for each in wanted if each not in same]),
        ("told otherwise", [each for each in found if each not in same.values()]),
    ):
        for each in events:
            lines.append(
                f"  {path.stem} {NAMES[rule]}: {what}: {each}: {why(each, holes) or 'WRONG'}"
            )
    return len(same), lines


def months_with_alarm(events: list[Event], start_s: int, months: int) -> int:
    """In how many months an alarm began or was on."""
    starts = [start_s + month * MONTH_S for month in range(months)]
    return sum(
        any(each.told_s < month_s + MONTH_S and each.to_s > month_s for each in events)
        for month_s in starts
    )


def judged(path: Path, days: int, vm: str) -> tuple[list[str], dict[int, tuple[int, int]]]:
    """Lines to print; and by rule the months with an alarm, of how many."""
    simulation = lived(path, 0, 24 * days, vm)
    found = told(simulation)
    start_s = simulation.scenario.home.start_s
    until_s = start_s + simulation.scenario.hours * HOUR_S
    lines = []
    for rule in REFERENCES:
        count, differing = compared(path, rule, found[rule], until_s)
        lines.append(f"{path.stem} {NAMES[rule]}: {count} as recorded, {len(differing)} not")
        lines += differing
    months = max(1, (until_s - start_s) // MONTH_S)
    shares = {
        rule: (months_with_alarm(events, start_s, months), months)
        for rule, events in found.items()
    }
    return lines, shares


def main() -> int:
    """Replay all homes; 1 when a difference has no reason."""
    parser = argparse.ArgumentParser(description="Replay recorded water meters.")
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not REFERENCE.is_file():
        print("error: there is no ../shared/data; the recordings lie there", file=sys.stderr)
        return 1
    homes = sorted(HOMES.glob("*.csv"))
    sums: dict[int, list[int]] = {rule: [0, 0] for rule in NAMES}
    wrong = 0
    with ProcessPoolExecutor(options.workers) as pool:
        for lines, shares in pool.map(judged, homes, repeat(options.days), repeat(options.vm)):
            print("\n".join(lines), flush=True)
            wrong += sum("WRONG" in line for line in lines)
            for rule, (with_one, months) in shares.items():
                sums[rule][0] += with_one
                sums[rule][1] += months
    for rule, (with_one, months) in sums.items():
        print(
            f"{NAMES[rule]:<24}{with_one:>4} of {months} home-months with an alarm"
            f" ({100 * with_one / months:.1f} %)"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
