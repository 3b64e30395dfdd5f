"""Recorded homes through the whole chain: what the head-end books in each hour is what the
recording says.

The recordings are read here by themselves (recorded_books.py), with nothing of the bench's
readers.
"""

from datetime import datetime
from pathlib import Path

import pytest

from host_sim.models.replay import load_home
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, audited, event_types, ledger_of
from tests.sim.recorded_books import (
    CHANNELS,
    DELIVERED,
    DUTCH,
    HOUR_S,
    SYDNEY,
    SYDNEY_LATER,
    Hours,
    booked_hours,
    compare,
    dutch_hours,
    sydney_hours,
)
from tests.sim.shared_data import SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data

PARTIAL, ESTIMATED = 1, 16
MINUTE_US = HOUR_US // 60

# From when (local time), for how many hours, and the hours that the recording has not: after the
# one that begins at 12:00 follows that of 18:00 a day later, after the one at 5:00 that of 7:00.
HOLES = (
    ("2024-03-16T00:00+01:00", 48, range(13, 24 + 18)),
    ("2024-03-21T00:00+01:00", 12, range(6, 7)),
)


def replayed(vm: str, path: Path, start: datetime, hours: int, *faults: Fault) -> Simulation:
    """These hours of a recording."""
    home = load_home(path, 1, int(start.timestamp()))
    settings = {"meter.poll_s": 900}
    simulation = Simulation(Scenario(home, 1, hours, settings=settings, faults=faults), vm)
    simulation.run()
    return simulation


def check_books(simulation: Simulation, recorded: dict[str, Hours]) -> None:
    """Every hour is booked, good, and has the recorded Wh; those without a recording have none."""
    assert audited(simulation).closes, audited(simulation).remarks
    hours = simulation.scenario.hours
    for channel in CHANNELS:
        compared = compare(simulation, channel, recorded[channel])
        assert compared.agrees, compared
        assert compared.hours_booked == hours
        series = ledger_of(simulation).interval_series(COLLECTOR, channel)
        assert [quality for _, _, quality in series] == [PARTIAL] + [0] * (hours - 1)


@pytest.mark.long_on_micropython
def test_the_books_say_what_the_recording_says(vm: str) -> None:
    # Read once a minute, with water and gas beside it.
    scenario = Scenario(load_home(SHARED_DATA, seed=1), 1, 24 * 2, settings={"meter.poll_s": 300})
    simulation = Simulation(scenario, vm)
    simulation.run()
    check_books(simulation, dutch_hours())


@pytest.mark.long_on_micropython
@pytest.mark.parametrize(("start", "hours", "hole"), HOLES)
def test_in_a_hole_of_the_recording_the_meters_stand_still(
    vm: str, start: str, hours: int, hole: range
) -> None:
    # Nothing is known of these hours, so nothing flows: the collector reads as always and books
    # good intervals of 0, and the hours on both sides are none the more or less for it.
    simulation = replayed(vm, DUTCH, datetime.fromisoformat(start), hours)
    recorded = dutch_hours()
    check_books(simulation, recorded)
    start_s = simulation.scenario.home.start_s
    booked = booked_hours(simulation, DELIVERED)
    for hour in range(hours):
        hour_s = start_s + hour * HOUR_S
        assert (hour_s in recorded[DELIVERED]) == (hour not in hole)
        assert hour not in hole or booked[hour_s] == 0


@pytest.mark.long_on_micropython
@pytest.mark.parametrize(("start", "hours", "hole"), HOLES)
def test_a_hole_may_be_a_collector_without_power(
    vm: str, start: str, hours: int, hole: range
) -> None:
    # Ten minutes into the last hour before the hole the collector's supply fails, and comes back
    # ten minutes into the first hour after it. No interval is invented for the hours between; the
    # first one is flagged, and has what the register moved since the last one.
    first, after = hole.start - 1, hole.stop
    cut = Fault(first * HOUR_US + 10 * MINUTE_US, "power", (after - first) * HOUR_US)
    simulation = replayed(vm, DUTCH, datetime.fromisoformat(start), hours, cut)
    assert [life.ending for life in simulation.collector.lives] == ["power lost", "end of run"]
    assert event_types(simulation) == ["power_up", "clock_set"] * 2
    start_s = simulation.scenario.home.start_s
    expected = [*range(first), *range(after, hours)]
    for channel, recorded in dutch_hours().items():
        rows = ledger_of(simulation).rows(COLLECTOR, channel)
        assert [row.start_s for row in rows] == [start_s + hour * HOUR_S for hour in expected]
        assert [row.quality for row in rows if row.quality] == [PARTIAL, PARTIAL | ESTIMATED]
        assert rows[first].quality == PARTIAL | ESTIMATED
        moved_wh = sum(recorded[start_s + hour * HOUR_S] for hour in (first, after))
        assert rows[first].delta == moved_wh
        assert compare(simulation, channel, recorded).booked_wh == sum(
            recorded.get(start_s + hour * HOUR_S, 0) for hour in range(hours)
        )
    assert ledger_of(simulation).books(COLLECTOR).closed


@pytest.mark.long_where(hours=24)
@pytest.mark.long_on_micropython
@pytest.mark.parametrize(
    ("local", "hours"),
    [
        ("2011-12-03T00:00+11:00", 24),
        ("2011-10-01T00:00+10:00", 48),
        ("2012-03-31T00:00+11:00", 48),
    ],
    ids=["export of a summer's day", "an hour is skipped", "an hour comes twice"],
)
def test_both_directions_of_a_home_with_panels(vm: str, local: str, hours: int) -> None:
    # The collector lives in UTC: where the clock on the wall in Sydney jumps, in the night to the
    # second day, the books have every hour once, and in each of them what was recorded.
    simulation = replayed(vm, SYDNEY, datetime.fromisoformat(local) + SYDNEY_LATER, hours)
    check_books(simulation, sydney_hours())
    assert all(sum(booked_hours(simulation, channel).values()) for channel in CHANNELS)
