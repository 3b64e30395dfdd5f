"""Leaks in a year of normal use: how soon each rule tells of a dripping tap, a running toilet and
a burst, what it misses, and what it tells of without any leak. The firmware's rules themselves
(firmware/lib/leak.py), fed with the pulses of built-in houses.
"""

import random
import statistics
from bisect import bisect_right
from dataclasses import dataclass

from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from host_sim.models.flow import Flow, flow_pulses
from host_sim.models.home import DAY_US, HOUR_US
from host_sim.models.house import House
from lib import leak, leak_gap, leak_rules
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure

NAME: str = "leaks"
START_S = 1_767_225_600  # 2026-01-01 00:00 UTC
QUARTER_US = HOUR_US // 4
RULES = "day hour=3785 rate=20/24 burst=600 most=9"
HOUSES = 3
DAYS = 364
EACH = 8  # leaks of a kind and house
WARM_DAYS = 2  # before a leak
SEED = 1

FIGURES = (
    Figure("per_house_year", "alarms a house and year without a leak", 1),
    Figure("tap_found", "dripping tap, 2 L/h for 5 days: found of 24"),
    Figure("tap_hours", "  hours until told, median", 1),
    Figure("tap_latest", "  latest", 1),
    Figure("toilet_found", "toilet, 30 L/h for 5 days: found of 24"),
    Figure("toilet_hours", "  hours until told, median", 1),
    Figure("toilet_latest", "  latest", 1),
    Figure("burst_found", "burst, 1500 L/h for 2 h: found of 24"),
    Figure("burst_hours", "  hours until told, median", 1),
    Figure("burst_latest", "  latest", 1),
)
SUBJECTS = (
    ("continuous", leak.CONTINUOUS),
    ("intermittent", leak.INTERMITTENT),
    ("no dry hour", leak.HOURS),
    ("1 US gal", leak.LEAST),
    ("20 L/h, 24 h", leak.RATE),
    ("600 L, 30 min", leak.BURST),
)
CAPTION = """
{houses} built-in houses of three people, each {days} days, a litre a pulse, no day without anybody
at home; {each} leaks of a kind and house, at random. What the last rule tells in the days of a tap
or toilet is use.
"""


@dataclass(frozen=True)
class Kind:
    """A leak."""

    word: str
    per_hour: int
    lasts_us: int


KINDS = (
    Kind("tap", 2, 5 * DAY_US),
    Kind("toilet", 30, 5 * DAY_US),
    Kind("burst", 1500, 2 * HOUR_US),
)


def measure(progress: Progress) -> Results:
    """By rule."""
    with progress.step("leaks in a year of normal use"):
        rng = random.Random(SEED)
        alarms = {rule: 0 for _, rule in SUBJECTS}
        waits: dict[tuple[str, int], list[float]] = {}
        for seed in range(1, HOUSES + 1):
            pulses = _year(House(seed, START_S))
            for rule, _ in _told(pulses, START_S * 1_000_000, DAYS * DAY_US):
                alarms[rule] += 1
            for kind in KINDS:
                for _ in range(EACH):
                    _one_leak(kind, pulses, rng, waits)
        found = {
            f"leaks_rule_{rule}": {
                "per_house_year": alarms[rule] / HOUSES,
                **{key: value for kind in KINDS for key, value in _figures(kind, rule, waits)},
            }
            for _, rule in SUBJECTS
        }
        return {**found, "leaks_bench": {"houses": HOUSES, "days": DAYS, "each": EACH}}


def tables(results: Results) -> list[Table]:
    """Rules side by side."""
    columns = [Column(title, results[f"leaks_rule_{rule}"]) for title, rule in SUBJECTS]
    return [figure.table("Leaks", CAPTION.format(**results["leaks_bench"]), FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """Nothing is promised of habits."""
    return []


def _year(house: House) -> list[int]:
    start_us = START_S * 1_000_000
    return house.pulses("water", start_us, start_us + DAYS * DAY_US)


def _one_leak(
    kind: Kind, pulses: list[int], rng: random.Random, waits: dict[tuple[str, int], list[float]]
) -> None:
    """One at random: note for each rule how long it took to tell."""
    latest_us = DAYS * DAY_US - kind.lasts_us - DAY_US
    begins_us = START_S * 1_000_000 + rng.randrange(WARM_DAYS * DAY_US + DAY_US, latest_us)
    ends_us = begins_us + kind.lasts_us
    leaking, _ = flow_pulses([Flow(begins_us, ends_us, kind.per_hour)], 0, 1)
    from_us = (begins_us // DAY_US - WARM_DAYS) * DAY_US
    first = bisect_right(pulses, from_us)
    last = bisect_right(pulses, ends_us)
    told: dict[int, int] = {}
    for rule, at_us in _told(sorted(pulses[first:last] + leaking), from_us, ends_us - from_us):
        if at_us >= begins_us:
            told.setdefault(rule, at_us)
    for rule, at_us in told.items():
        waits.setdefault((kind.word, rule), []).append((at_us - begins_us) / HOUR_US)


def _told(pulses: list[int], from_us: int, for_us: int) -> list[tuple[int, int]]:
    """(rule, when) of every alarm that begins, fed as the firmware feeds its rules."""
    rules = leak_rules.parse(RULES, 1, 1)
    state = [0] * leak.SIZE
    state[leak.QUARTER] = from_us // QUARTER_US - 96
    leak_gap.skip(state, rules, 96, 0)
    told: list[tuple[int, int]] = []
    place = 0
    for quarter_us in range(from_us, from_us + for_us // QUARTER_US * QUARTER_US, QUARTER_US):
        end = bisect_right(pulses, quarter_us + QUARTER_US, place)
        count = end - place
        needed = leak.needed(state, rules, 0)
        if 0 < needed <= count:
            at_us = pulses[place + needed - 1]
            told += [(each[0], at_us) for each in leak.look(state, rules, needed) if each[1]]
        for rule, begins, _, _ in leak.close(state, rules, count, True, 0):
            if begins:
                told.append((rule, quarter_us + QUARTER_US))
        place = end
    return told


def _figures(
    kind: Kind, rule: int, waits: dict[tuple[str, int], list[float]]
) -> list[tuple[str, float | None]]:
    hours = waits.get((kind.word, rule), [])
    return [
        (f"{kind.word}_found", len(hours)),
        (f"{kind.word}_hours", statistics.median(hours) if hours else None),
        (f"{kind.word}_latest", max(hours, default=None)),
    ]
