"""Outages of mains: each that lasts is told once, with its first and its last second, whatever the
collector lived on meanwhile; none is made up, and no pulse before it is lost.
"""

import pytest

from host_sim.models.taps import START_S, Taps
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim import outages
from tests.sim.bench import collector_of, event_types, ledger_of

SECOND_US = 1_000_000
SENSE = {"mains.sense": True}


def lived(
    vm: str, hours: int, faults: tuple[Fault, ...], hold_up_us: int, **settings
) -> Simulation:
    """A home with a tap that is open all the time: a litre every eight seconds."""
    flow = Taps(list(range(60 * SECOND_US, hours * HOUR_US, 8 * SECOND_US)))
    plan = Scenario(
        flow, 1, hours, settings=SENSE | settings, faults=faults, hold_up_us=hold_up_us
    )
    simulation = Simulation(plan, vm)
    simulation.run()
    return simulation


@pytest.mark.long_where(vm="cpython")
@pytest.mark.parametrize("hold_up_us", outages.HOLD_UPS_US)
def test_outages_at_random(vm: str, hold_up_us: int) -> None:
    # From 30 ms to six hours; a tap is open as each begins.
    few = 2 if vm == "micropython" else 12
    outages.live(hold_up_us, few, hold_up_us, vm)


def test_a_sector_is_erased_before_the_next_outage() -> None:
    # Seed 4 found it: nothing is erased while a supply settles, and the first round of the meter
    # was over when it had; a dip in a sector that was full was not told.
    outages.live(4, 20, 50_000, "cpython")


def test_three_restarts_in_two_seconds_are_one_outage(vm: str) -> None:
    # A supply that cannot make up its mind: the collector starts, and loses it again, and again;
    # what is over only when it has been there for ten seconds.
    begin_us = HOUR_US // 2 + 500_000
    faults = tuple(Fault(begin_us + nth * 700_000, "mains", 500_000) for nth in range(3))
    simulation = lived(vm, 1, faults, hold_up_us=50_000)
    assert len(simulation.collector.lives) == 4
    assert event_types(simulation).count("mains_lost") == 1
    (end,) = outages.told(simulation)
    assert end.restarts == 3
    assert end.lost_s == START_S + 1800
    assert end.back_s - end.lost_s in (1, 2)


@pytest.mark.long_on_micropython
def test_a_contact_that_chatters_does_not_fill_the_journal(vm: str) -> None:
    # On a battery: for ten minutes mains is away for half of every two seconds.
    begin_us = HOUR_US // 4 + 500_000
    faults = tuple(Fault(begin_us + nth * 2 * SECOND_US, "mains", SECOND_US) for nth in range(300))
    simulation = lived(vm, 1, faults, hold_up_us=10 * SECOND_US)
    assert len(simulation.collector.lives) == 1
    ends = outages.told(simulation)
    assert 1 <= len(ends) <= 8
    assert ends[0].lost_s == START_S + 900
    assert START_S + 1499 <= ends[-1].back_s <= START_S + 1500
    assert sum(end.lasted_s for end in ends) >= 290


@pytest.mark.long_on_micropython
def test_the_loss_at_a_busy_moment(vm: str) -> None:
    # At the boundary of each quarter of an hour, a little later every time: while the meter is
    # read, the interval is written, the message is sent.
    faults = tuple(
        Fault(nth * HOUR_US // 4 - 30_000 + nth * 27_000, "mains", 5 * SECOND_US)
        for nth in range(1, 16)
    )
    simulation = lived(vm, 4, faults, 300_000, interval_s=900)
    ends = outages.told(simulation)
    assert len(ends) == len(faults)
    for fault, end in zip(faults, ends, strict=True):
        assert outages.off_us(START_S * SECOND_US + fault.at_us, end.lost_s) <= 100_000
        assert abs(end.lasted_s - 5) <= 1
    # a litre can come in the five seconds without a collector, and none can else be lost
    books = ledger_of(simulation).books(collector_of(simulation))
    counted = books.channels["water"].consumption
    total = len(range(60, 4 * 3600, 8))
    assert total - len(faults) <= counted <= total
    assert books.closed


@pytest.mark.long_on_micropython
def test_where_no_time_is_known_the_outage_is_told_all_the_same(vm: str) -> None:
    # No network at all until the third hour: what the clock does not know is not made up. The
    # second outage comes when the end of the first was not told yet.
    faults = (
        Fault(0, "access_point", 2 * HOUR_US),
        Fault(1200 * SECOND_US, "mains", 60 * SECOND_US),
        Fault(1500 * SECOND_US, "mains", 60 * SECOND_US),
    )
    simulation = lived(vm, 4, faults, hold_up_us=300_000)
    ends = outages.told(simulation)
    assert [(end.lasted_s, end.lost_s, end.back_s) for end in ends] == [(-1, 0, 0)] * 2
    assert event_types(simulation).count("mains_lost") == 2


def test_the_head_end_is_told_at_once_on_a_battery(vm: str) -> None:
    # Half a minute is a dip, and told when its turn comes; a longer one passes all that waits.
    faults = (
        Fault(0, "broker", HOUR_US),
        Fault(HOUR_US + 600 * SECOND_US, "mains", 20 * SECOND_US),
        Fault(HOUR_US + 1200 * SECOND_US, "mains", 90 * SECOND_US),
    )
    simulation = lived(vm, 2, faults, 300 * SECOND_US, **{"mains.hold_s": 30})
    assert outages.details(simulation, "class") == [0, 1]
    told_us = [
        entry.at_us
        for entry in simulation.trace.published("events")
        if b'"mains_lost"' in entry.data
    ]
    loss_us = HOUR_US + 1200 * SECOND_US
    assert any(loss_us <= at_us <= loss_us + 2 * SECOND_US for at_us in told_us)
    # and once more, as what cannot wait, when it has lasted for the hold
    hold_us = loss_us + 30 * SECOND_US
    assert any(hold_us <= at_us <= hold_us + 2 * SECOND_US for at_us in told_us)


def test_whose_supply_it_was(vm: str) -> None:
    # On a battery: the meter lives on in the first outage, and is dark in the second; of the third
    # nobody can tell, since it is over before the meter is asked.
    faults = (
        Fault(600 * SECOND_US, "mains", 180 * SECOND_US),
        Fault(1800 * SECOND_US, "mains", 180 * SECOND_US),
        Fault(1799 * SECOND_US, "bus_cut", 182 * SECOND_US),
        Fault(3010 * SECOND_US, "mains", 3 * SECOND_US),
    )
    simulation = lived(vm, 1, faults, 300 * SECOND_US)
    assert len(simulation.collector.lives) == 1
    assert outages.details(simulation, "meter") == [1, 0, -1]


def test_the_loss_by_a_voltage_that_falls_slowly(vm: str) -> None:
    # A large capacitor before the regulator: mains is lost when it is below the limit, and what
    # was counted is saved with the rest of it.
    flow = Taps(list(range(SECOND_US, 150 * SECOND_US, SECOND_US)))
    fault = Fault(90 * SECOND_US, "mains", 5 * SECOND_US)
    plan = Scenario(
        flow,
        1,
        0,
        settings=SENSE | {"mains.lost_mv": 1500},
        faults=(fault,),
        hold_up_us=500_000,
        mains_fall_us=600_000,
        grace_us=150 * SECOND_US,
    )
    simulation = Simulation(plan, vm)
    simulation.run()
    assert [life.ending for life in simulation.collector.lives] == ["power lost", "end of run"]
    below_us = 90 * SECOND_US + 600_000 * 7 // 22
    saved_us = [
        entry.at_us
        for entry in simulation.trace.entries
        if entry.kind.startswith("program journal") and entry.at_us >= 90 * SECOND_US
    ]
    assert below_us <= saved_us[0] <= below_us + 20_000
    words = event_types(simulation)
    assert (words.count("mains_lost"), words.count("mains_back")) == (1, 1)


@pytest.mark.parametrize("late_us", [1000, 20_000, 44_000])
@pytest.mark.long_on_micropython
def test_the_loss_while_a_sector_is_erased(vm: str, late_us: int) -> None:
    # The chip stands still until the erasure is over, which nothing can break off; then all is
    # saved, and no other one is begun.
    settings = {"checkpoint_s": 10, "checkpoint_pulses": 12}
    erased_us = [
        entry.at_us
        for entry in lived("cpython", 2, (), 300_000, **settings).trace.entries
        if entry.kind.startswith("erase journal") and entry.at_us > HOUR_US
    ]
    fault = Fault(erased_us[0] + late_us, "mains", 5 * SECOND_US)
    simulation = lived(vm, 2, (fault,), 300_000, **settings)
    (end,) = outages.told(simulation)
    assert outages.off_us(START_S * SECOND_US + fault.at_us, end.lost_s) <= 100_000
    books = ledger_of(simulation).books(collector_of(simulation))
    dark = len([at for at in range(60, 7200, 8) if 0 < at - fault.at_us / SECOND_US < 6])
    total = len(range(60, 7200, 8))
    assert books.closed
    assert total - dark <= books.channels["water"].consumption <= total
