"""A collector that does not know the time yet: every hour is kept all the same, by the boot it was
lived through in, and placed once the time is known. No second is in two intervals or in none.
"""

import pytest

from host_sim.scenario import HOUR_US, Fault
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, ledger_of, run
from tools.headend.books import Row

PARTIAL, CLOCK_UNTRUSTED, ESTIMATED = 1, 4, 16
HOUR_S = 3600
MINUTE_US = 60_000_000
CHANNELS = ("electricity_delivered", "water", "gas")


def rows(simulation: Simulation, channel: str = CHANNELS[0]) -> list[Row]:
    return ledger_of(simulation).rows(COLLECTOR, channel)


def check_sums(simulation: Simulation) -> None:
    """Whatever the time was: the registers meet, and end where the dials of the world do."""
    books = ledger_of(simulation).books(COLLECTOR)
    assert books.closed, books
    home = simulation.scenario.home
    end_us = (home.start_s + simulation.scenario.hours * HOUR_S) * 1_000_000
    register = books.channels[CHANNELS[0]].last_close
    assert register is not None
    assert 0 <= simulation.meter.import_wh(end_us) - register <= 3000  # since the last boundary


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("poll_s", [60, 900])
def test_hours_before_the_time_is_known_are_placed_afterwards(vm: str, poll_s: int) -> None:
    # Out of power from 00:10 to 00:20; no network until 06:10. Hours are those since the boot, the
    # last one ends when the time is known, and the next at seven o'clock.
    outage = Fault(10 * MINUTE_US, "power", 10 * MINUTE_US)
    offline = Fault(0, "access_point", 370 * MINUTE_US)
    simulation = run(vm, faults=(outage, offline), settings={"meter.poll_s": poll_s})
    check_sums(simulation)
    for channel in CHANNELS:
        found = rows(simulation, channel)
        assert [row.delta is None for row in found] == [False] * len(found)
        booted, utc = found[:6], found[6:]
        for hour, row in enumerate(booted):
            assert row.start_s is not None
            assert abs(row.start_s - (START_S + 1200 + hour * HOUR_S)) <= 3
        untrusted = [CLOCK_UNTRUSTED] * 6
        untrusted[0] |= PARTIAL
        untrusted[-1] |= PARTIAL
        assert [row.quality for row in booted] == untrusted
        assert [row.start_s for row in utc] == [START_S + hour * HOUR_S for hour in range(6, 24)]
        assert [row.quality for row in utc] == [PARTIAL] + [0] * 17
    books = ledger_of(simulation).books(COLLECTOR)
    assert all(book.timeless == 0 for book in books.channels.values())


@pytest.mark.long_on_micropython
def test_a_boot_that_never_learned_the_time_is_told_without_one(vm: str) -> None:
    # Five hours without a network, the power goes for two, and after it the time is known: nobody
    # can say when the first boot's hours were, so nobody does; but nothing of them is lost.
    outage = Fault(5 * HOUR_US + 60 * MINUTE_US // 2, "power", 2 * HOUR_US)
    offline = Fault(0, "access_point", 6 * HOUR_US)
    simulation = run(vm, faults=(outage, offline), settings={"meter.poll_s": 900})
    check_sums(simulation)
    found = rows(simulation)
    assert [row.start_s for row in found[:5]] == [None] * 5
    assert [row.start_s for row in found[5:]] == [START_S + hour * HOUR_S for hour in range(7, 24)]
    assert all(row.quality & CLOCK_UNTRUSTED for row in found[:5])
    assert ledger_of(simulation).books(COLLECTOR).channels["water"].timeless == 5


@pytest.mark.long_on_micropython
def test_the_meter_is_silent_around_an_hour(vm: str) -> None:
    # The bus is cut from 05:55 to 06:08: what was counted meanwhile is shared out by time between
    # the two hours, and both say so. Water and gas, which were counted at six o'clock, do not.
    cut = Fault(6 * HOUR_US - 5 * MINUTE_US, "bus_cut", 13 * MINUTE_US)
    simulation = run(vm, faults=(cut,))
    check_sums(simulation)
    quality = {
        channel: [row.quality for row in rows(simulation, channel)][1:] for channel in CHANNELS
    }
    assert quality["electricity_delivered"] == [0] * 4 + [ESTIMATED] * 2 + [0] * 17
    assert quality["water"] == quality["gas"] == [0] * 23
    truth = simulation.meter.import_wh((START_S + 6 * HOUR_S) * 1_000_000)
    told = (rows(simulation)[0].open or 0) + sum(row.delta or 0 for row in rows(simulation)[:6])
    assert abs(told - truth) <= 200  # of a house that takes a kilowatt at times


@pytest.mark.long
def test_the_registers_of_every_day_are_told_and_add_up(vm: str) -> None:
    # Two midnights: each day's intervals are the change of the registers between them, also when
    # the power was out and a boundary had no reading.
    faults = (
        Fault(30 * HOUR_US + 7 * MINUTE_US, "power", 3 * HOUR_US),
        Fault(40 * HOUR_US - MINUTE_US, "bus_cut", 3 * HOUR_US),
    )
    simulation = run(vm, days=3, faults=faults, settings={"meter.poll_s": 900})
    check_sums(simulation)
    events = ledger_of(simulation).events(COLLECTOR)
    days = [event for event in events if event.type == "day_closed"]
    assert [(event.time_s or 0) // 86400 * 86400 for event in days] == [
        START_S + day * 86400 for day in (1, 2, 3)
    ]
    assert [event.detail["residual"] for event in days] == [0, 0, 0]
    for book in ledger_of(simulation).books(COLLECTOR).channels.values():
        assert [day.residual for day in book.days] == [0, 0]
