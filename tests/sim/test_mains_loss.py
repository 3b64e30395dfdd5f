"""Mains goes, and the capacitor lasts for a moment: what was counted is saved in it, nothing is
erased, and a dip is no reboot.
"""

from typing import Any

import pytest

from host_sim.models.house import House
from host_sim.models.taps import Taps
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited, collector_of, event_types, ledger_of, run

BOARDS = ("esp32_devkit", "esp32_c3_devkit")
START_US = START_S * 1_000_000
SECOND_US = 1_000_000
SENSE = {"mains.sense": True, "meter.poll_s": 300}


def booked_l(simulation: Simulation) -> int:
    """Litres in all intervals of water."""
    series = ledger_of(simulation).interval_series(collector_of(simulation), "water")
    return sum(delta or 0 for _, delta, _ in series)


def mains_events(simulation: Simulation) -> list[str]:
    """The words of the events of mains and power."""
    return [
        word
        for word in event_types(simulation)
        if word in ("mains_lost", "mains_back", "power_up")
    ]


def dark(vm: str, board: str, settings: dict[str, Any]) -> tuple[Simulation, int]:
    """Ten minutes without mains, from the middle of the morning's water on; and the pulses that
    came while nobody could count.
    """
    home = House(1, START_S)
    morning = home.pulses("water", START_US + 5 * HOUR_US, START_US + 6 * HOUR_US)
    # Just after a pulse that is not the first since the last checkpoint: a contact by interrupt
    # counts 15 ms after it closed.
    lost_us = morning[len(morning) // 2 + 7] + 30_000
    faults = (Fault(lost_us - START_US, "mains", 600 * SECOND_US),)
    simulation = Simulation(
        Scenario(home, 1, 7, board=board, settings=settings, faults=faults), vm
    )
    simulation.run()
    return simulation, len(home.pulses("water", lost_us, lost_us + 600 * SECOND_US))


@pytest.mark.long_where(board="esp32_c3_devkit")
@pytest.mark.long_on_micropython(board="esp32_c3_devkit")
@pytest.mark.parametrize("board", BOARDS)
def test_what_was_counted_before_the_loss_is_saved(vm: str, board: str) -> None:
    simulation, missed = dark(vm, board, SENSE)
    home = simulation.scenario.home
    total = len(home.pulses("water", START_US, START_US + 7 * HOUR_US))
    assert booked_l(simulation) == total - missed
    assert mains_events(simulation) == ["power_up", "mains_lost", "power_up", "mains_back"]
    assert [life.ending for life in simulation.collector.lives] == ["power lost", "end of run"]
    # Without the sense the same death forgets some of them, though not more than was promised.
    blind, _ = dark(vm, board, {"meter.poll_s": 300})
    assert 0 < booked_l(simulation) - booked_l(blind) <= 50


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("board", BOARDS)
def test_a_dip_is_told_and_no_reboot(vm: str, board: str) -> None:
    # Seven dips, each within the hold-up of 300 ms, the last two close together; the books of the
    # day close as if nothing had been.
    at_s = (10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 60_001)
    faults = tuple(
        Fault(second * SECOND_US, "mains", 40_000 * (nth + 1)) for nth, second in enumerate(at_s)
    )
    simulation = run(vm, board=board, settings=SENSE, faults=faults)
    assert len(simulation.collector.lives) == 1
    assert mains_events(simulation) == ["power_up"] + ["mains_lost", "mains_back"] * 7
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.long_on_micropython
def test_without_the_sense_a_dip_is_nothing(vm: str) -> None:
    # The input may be open where `mains.sense` is not set: nobody listens to it.
    simulation = run(vm, faults=(Fault(HOUR_US, "mains", 100_000),))
    assert mains_events(simulation) == ["power_up"]


@pytest.mark.long_on_micropython
def test_nothing_is_erased_while_mains_is_lost(vm: str) -> None:
    # A collector on a large battery, and pulses and checkpoints so often that a sector lasts for
    # half an hour: while mains is away the ring must do with what is erased already.
    home = Taps(list(range(0, 3 * HOUR_US, 5 * SECOND_US)))
    settings = {**SENSE, "checkpoint_s": 10, "checkpoint_pulses": 12}
    faults = tuple(Fault(hour * HOUR_US, "mains", HOUR_US // 4) for hour in range(1, 3))
    hold_up_us = HOUR_US
    simulation = Simulation(
        Scenario(home, 1, 3, settings=settings, faults=faults, hold_up_us=hold_up_us), vm
    )
    simulation.run()
    assert len(simulation.collector.lives) == 1
    erased_us = [
        entry.at_us for entry in simulation.trace.entries if entry.kind.startswith("erase journal")
    ]
    assert len(erased_us) > 3
    for fault in faults:
        end_us = fault.at_us + fault.lasting_us
        assert not [at_us for at_us in erased_us if fault.at_us <= at_us < end_us]
    assert mains_events(simulation) == ["power_up"] + ["mains_lost", "mains_back"] * 2
    assert audited(simulation).closes, audited(simulation).remarks
