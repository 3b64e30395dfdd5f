"""A battery clock: power was out for hours, and there is no network when it comes back."""

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, event_types, ledger_of
from tests.sim.test_clock import CLOCK_UNTRUSTED, MISSING, PARTIAL, flagged

HOURS = 10
OUT_US = 3 * HOUR_US + 60_000_000
SECOND_US = 1_000_000
BATTERY = {"meter.poll_s": 900, "clock.battery": True}


def collector(vm: str, stops: bool = False) -> Simulation:
    faults = (
        Fault(OUT_US, "power", 3 * HOUR_US),
        Fault(OUT_US, "access_point", 6 * HOUR_US),
    )
    made = Simulation(Scenario(House(1, START_S), 1, HOURS, settings=BATTERY, faults=faults), vm)
    if stops:
        made.world.at(OUT_US + HOUR_US, made.battery_clock.stop)
    made.run()
    return made


def clock_sources(made: Simulation) -> list[int]:
    events = ledger_of(made).events(COLLECTOR)
    return [event.detail["source"] for event in events if event.type == "clock_set"]


def test_the_time_is_right_when_power_comes_back(vm: str) -> None:
    # Boundaries go on at once; only what the outage touched is flagged, and its hours are missing.
    made = collector(vm)
    assert clock_sources(made) == [0, 3]
    told = [event for event in ledger_of(made).events(COLLECTOR) if event.type == "clock_set"]
    assert told[1].time_s is not None
    booted_s = START_S + made.collector.lives[1].began_us // SECOND_US
    assert abs(told[1].time_s - booted_s) <= 1
    quality = flagged(made)
    assert quality[6] & PARTIAL
    assert not any(flags & CLOCK_UNTRUSTED for flags in quality.values())
    assert not set(quality) & {1, 2, 7, 8, 9}


@pytest.mark.long_on_micropython
def test_a_clock_that_stood_still_is_not_believed(vm: str) -> None:
    # Its battery was flat: it shows some time, and says that it is none. The next server's answer
    # sets both.
    made = collector(vm, stops=True)
    assert clock_sources(made) == [0, 0]
    assert made.battery_clock.read(0x0F, 1) == b"\0"
    shown = made.battery_clock.read(0, 7)
    assert shown[4:7] == bytes((2, 3, 0x26))
    assert any(flags & (CLOCK_UNTRUSTED | MISSING) for flags in flagged(made).values())


@pytest.mark.long_on_micropython
def test_a_clock_that_is_behind_the_journal_is_not_believed(vm: str) -> None:
    # Somebody has set it: the journal holds later hours than it shows.
    def set_back() -> None:
        made.battery_clock.write(4, b"\x01")

    faults = (Fault(OUT_US, "power", SECOND_US), Fault(OUT_US, "access_point", HOUR_US))
    scenario = Scenario(House(1, START_S), 1, 6, settings=BATTERY, faults=faults)
    made = Simulation(scenario, vm)
    made.world.at(OUT_US + 500_000, set_back)
    made.run()
    assert clock_sources(made) == [0, 0]


def test_a_board_without_a_place_for_it_does_without(vm: str) -> None:
    scenario = Scenario(House(1, START_S), 1, 1, board="esp32_c3_devkit", settings=BATTERY)
    made = Simulation(scenario, vm)
    made.run()
    assert event_types(made) == ["power_up", "clock_set"]
