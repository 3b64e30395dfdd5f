"""Registers by period of a tariff, kept by the collector and judged by the wall clock of the
standard library's time zones, whatever happens to the supply and to the time.
"""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of
from tests.tools.rate_plans import city, schedules, seasonal, wall_clock
from tools.headend import periods, told
from tools.headend.almanac import Almanacs

SECOND_US = 1_000_000
DAY_US = 24 * HOUR_US
PACIFIC = ZoneInfo("America/Los_Angeles")
# 2026-03-07 00:00 UTC; at 10:00 UTC on the 8th Los Angeles moves its clocks
START_S = 1_772_841_600
DST, MISSING = 128, 8
CHANNELS = told.CHANNELS


def lived(vm: str, days: int, *plans: dict, **further: Any) -> Simulation:
    settings = {"meter.poll_s": 900, "tariff.registers": True, **further.pop("settings", {})}
    scenario = Scenario(
        House(1, further.pop("start_s", START_S)),
        1,
        24 * days,
        settings=settings,
        board="esp32_c3_devkit",  # tests/sim/test_room_for_registers.py has the smaller one
        tariff=Almanacs(schedules(*(plans or (city(),)))),
        **further,
    )
    simulation = Simulation(scenario, vm)
    simulation.run()
    assert {life.ending for life in simulation.collector.lives} <= {"end of run", "power lost"}
    return simulation


def events_of(simulation: Simulation, word: str) -> list:
    found = ledger_of(simulation).events(collector_of(simulation))
    return [event for event in found if event.type == word]


def registers_of(simulation: Simulation) -> dict[str, list[told.Registers]]:
    """What was told of each channel; nothing of it may fall, and it is always all."""
    found = told.registers(ledger_of(simulation).events(collector_of(simulation)))
    for channel, each in found.items():
        assert all(registers.adds_up for registers in each), channel
        for before, after in zip(each, each[1:], strict=False):
            falls = [b > a for b, a in zip(before.amounts, after.amounts, strict=True)]
            assert not any(falls), (channel, before, after)
    return found


def by_wall_clock(simulation: Simulation, channel: str, plan: dict, upto: int) -> list[int]:
    """The sums of a channel's intervals by period, all of which have a value and follow on."""
    sums = [0] * 8
    rows = ledger_of(simulation).rows(collector_of(simulation), channel)
    for row in rows[1:]:  # the first one has its beginning before
        if row.seq < upto:
            assert row.start_s is not None and row.delta is not None
            sums[wall_clock(plan, PACIFIC, row.start_s)[0]] += row.delta
    return sums


@pytest.mark.long_on_micropython
@pytest.mark.parametrize(
    ("vm", "plan"),
    [
        pytest.param("cpython", city(), marks=pytest.mark.long),
        ("cpython", seasonal()),
        ("micropython", seasonal()),
    ],
    ids=["cpython-E-1-TOU", "cpython-seasonal", "micropython-seasonal"],
    indirect=["vm"],
)
def test_every_hour_is_in_the_period_of_the_wall_clock(vm: str, plan: dict) -> None:
    # Over the change to summer time, a weekend and a Monday; the last telling counts all.
    simulation = lived(vm, 3, plan)
    for channel, each in registers_of(simulation).items():
        last = each[-1]
        assert list(last.amounts[:8]) == by_wall_clock(simulation, channel, plan, last.seq)
        assert len(each) == 3
    rows = ledger_of(simulation).rows(collector_of(simulation), "water")
    summer = [bool(row.quality & DST) for row in rows]
    assert summer == [wall_clock(plan, PACIFIC, row.start_s or 0)[1] for row in rows]
    assert sum(summer) == 24 * 3 - 34
    (taken,) = events_of(simulation, "tariff_set")
    status = json.loads(simulation.trace.published("status")[-1].data)
    assert (status["tariff"], status["tariff_until"]) == (1, taken.detail["until"])


def wrong(simulation: Simulation, plan: dict) -> list[told.Stretch]:
    """Stretches in which the collector's periods are not those of its intervals, by the
    head-end's rule."""
    ledger, collector = ledger_of(simulation), collector_of(simulation)
    found = []
    for channel, each in registers_of(simulation).items():
        placed = periods.placed(ledger.counted(collector, channel), schedules(plan))
        found += [
            stretch
            for stretch in told.stretches(each, placed, ledger.events(collector))
            if stretch.is_wrong
        ]
    return found


@pytest.mark.long_on_micropython
def test_power_cuts_and_a_silent_meter_leave_no_wrong_period(vm: str) -> None:
    # Across changes of the period, at the end of a day, and for a whole day, after which it is the
    # same period: what began in another one is apart, the rest goes on where it was.
    cuts = [(2, 40), (9, 5000), (15, 1), (16, 3700), (23.9, 60), (24.0001, 30), (31.5, 86_400)]
    faults = [Fault(int(at_h * HOUR_US), "power", s * SECOND_US) for at_h, s in cuts]
    faults.append(Fault(int(63.6 * HOUR_US), "bus_cut", 2 * HOUR_US))
    simulation = lived(vm, 3, faults=tuple(faults))
    assert not wrong(simulation, city())
    energy = registers_of(simulation)["electricity_delivered"]
    # spans a change: the outage from 9 h, in which it is 01:00 to 02:24 in Los Angeles, does not
    assert energy[-1].amounts[8] > energy[0].amounts[8]


@pytest.mark.long
def test_a_cut_at_the_begin_of_a_period_is_of_it() -> None:
    # The supply fails soon after 9:00 in Los Angeles, over the next hour's begin: all of the value
    # that spans it is super off-peak (found by a life of a year, seed 2).
    cut = Fault(int(40.2 * HOUR_US), "power", 4000 * SECOND_US)
    simulation = lived("cpython", 2, faults=(cut,))
    assert not any(event.detail["assumed"] for event in events_of(simulation, "tariff_period"))
    assert not wrong(simulation, city())
    water = registers_of(simulation)["water"]
    assert water[-1].amounts[8] == water[0].amounts[8]


@pytest.mark.long_where(offset_us=0)
@pytest.mark.parametrize(
    "offset_us",
    [
        0,
        pytest.param(900_000, marks=pytest.mark.long),
        1_300_000,
        pytest.param(4_000_000, marks=pytest.mark.long),
    ],
)
def test_a_cut_while_the_day_is_told(offset_us: int) -> None:
    # The day ends at 00:00 UTC; its records take a second or so to be written. Some are told, some
    # are not: the next boot goes on from what is there.
    start_s = START_S + 20 * 3600
    cut = Fault(4 * HOUR_US + offset_us, "power", 30 * SECOND_US)
    simulation = lived("cpython", 2, start_s=start_s, faults=(cut,))
    assert not wrong(simulation, city())
    assert all(registers_of(simulation).values())


def test_without_the_time_the_period_goes_on_and_says_so() -> None:
    # A boot without a network, hence without the time, for ten hours: more than one period.
    cut = 26 * HOUR_US
    faults = (
        Fault(cut, "power", 60 * SECOND_US),
        Fault(cut - SECOND_US, "access_point", 10 * HOUR_US),
    )
    simulation = lived("cpython", 2, faults=faults, grace_us=DAY_US // 2)
    states = [event.detail for event in events_of(simulation, "tariff_period")]
    (place,) = [number for number, state in enumerate(states) if state["assumed"]]
    assert states[place]["period"] == states[place - 1]["period"]
    assert states[place]["start"] == 0
    assert states[place + 1]["assumed"] == 0
    assert not wrong(simulation, city())
    # the hours without the time count in the period that went on
    rows = ledger_of(simulation).rows(collector_of(simulation), "gas")
    before, after = registers_of(simulation)["gas"]
    period = states[place]["period"]
    lost_time = [row for row in rows if row.quality & 4 and before.seq < row.seq < after.seq]
    assert len(lost_time) >= 9
    grown = after.amounts[period] - before.amounts[period]
    assert grown >= sum(row.delta or 0 for row in lost_time) > 0


def test_a_new_tariff_takes_effect_at_its_date() -> None:
    # Version 2 is known two days ahead; from local midnight of the 9th all is peak.
    flat = [[2] * 24] * 12
    changes = {"version": 2, "effective": "2026-03-09"}
    new = city(energyweekdayschedule=flat, energyweekendschedule=flat, **changes)
    simulation = lived("cpython", 3, city(), new)
    from_s = int(datetime(2026, 3, 9, tzinfo=PACIFIC).timestamp())
    sums = [0] * 8
    water = registers_of(simulation)["water"][-1]
    for row in ledger_of(simulation).rows(collector_of(simulation), "water")[1:]:
        if row.seq < water.seq:
            assert row.start_s is not None and row.delta is not None
            period = 2 if row.start_s >= from_s else wall_clock(city(), PACIFIC, row.start_s)[0]
            sums[period] += row.delta
    assert list(water.amounts[:8]) == sums
    assert {event.detail["version"] for event in events_of(simulation, "tariff_period")} == {2}


def test_what_is_wrong_is_refused_and_what_was_there_goes_on(vm: str) -> None:
    scenario = Scenario(
        House(1, START_S),
        1,
        4,
        settings={"meter.poll_s": 900, "tariff.registers": True},
        tariff=Almanacs(schedules(city())),
    )
    simulation = Simulation(scenario, vm)
    source = scenario.tariff
    assert source is not None
    good = json.loads((source(START_S) or (0, b""))[1])
    changes = ({"days": [0, 0]}, {}, {"start": good["start"] - 86_400})
    texts = [json.dumps(good | each, separators=(",", ":")).encode() for each in changes]
    texts += [b"", b"{}"]
    topic = f"ami/{collector_of(simulation)}/tariff"
    for number, text in enumerate(texts):
        at_us = HOUR_US + number * 60 * SECOND_US
        simulation.world.at(
            at_us, lambda each=text: simulation.broker.publish(topic, each, client_id="stranger")
        )
    simulation.run()
    refusals = [event.detail for event in events_of(simulation, "tariff_refused")]
    assert [(each["version"], each["reason"]) for each in refusals] == [
        (0, 4),
        (1, 7),
        (0, 1),
        (0, 1),
    ]
    assert len(events_of(simulation, "tariff_set")) == 1
    assert events_of(simulation, "tariff_period")[-1].detail["assumed"] == 0


@pytest.mark.long
def test_a_collector_that_keeps_none_says_nothing_of_it(vm: str) -> None:
    simulation = lived(vm, 1, settings={"tariff.registers": False})
    words = {"tariff_set", "tariff_refused", "tariff_period", "period_registers", "demand"}
    events = ledger_of(simulation).events(collector_of(simulation))
    assert not words & {event.type for event in events}
    assert b"tariff" not in simulation.trace.published("status")[-1].data
