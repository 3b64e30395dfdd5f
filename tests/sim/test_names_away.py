"""The name server or the time servers do not answer. On the chip the platform's resolver would
stand still for 14 s, each time anybody asks, its ntptime for one, and with it the counting of
pulses and the watch over the mains.
"""

import pytest

from host_sim.models.house import House
from host_sim.models.taps import Taps
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim import link_oracle
from tests.sim.bench import START_S, collector_of, event_types, ledger_of

BOARDS = ("esp32_devkit", "esp32_c3_devkit")
SECOND_US = 1_000_000
SELDOM = {"meter.poll_s": 900}


def consumption(simulation: Simulation, channel: str) -> int:
    """Of one channel, in the books of the head-end."""
    return ledger_of(simulation).books(collector_of(simulation)).channels[channel].consumption


@pytest.mark.long_on_micropython
@pytest.mark.long_where(board="esp32_c3_devkit")
@pytest.mark.parametrize("board", BOARDS)
def test_every_pulse_is_counted_while_no_name_is_known(vm: str, board: str) -> None:
    # From the boot on, for two hours: neither the time nor the broker's address is to be had. A
    # contact that is counted by interrupts must not miss a pulse of the one every ten seconds.
    home = Taps(list(range(60 * SECOND_US, 2 * HOUR_US, 10 * SECOND_US)))
    faults = (Fault(0, "names", 2 * HOUR_US),)
    simulation = Simulation(Scenario(home, 1, 3, board=board, settings=SELDOM, faults=faults), vm)
    simulation.run()
    assert consumption(simulation, "water") == len(home.times_us)
    assert len(simulation.collector.lives) == 1
    link_oracle.judge(simulation)


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("board", BOARDS)
def test_every_pulse_is_counted_while_no_time_server_answers(vm: str, board: str) -> None:
    # A firewall lets no NTP through: they are asked every other second until the head-end's time
    # is taken, later every minute.
    home = Taps(list(range(60 * SECOND_US, 2 * HOUR_US, 10 * SECOND_US)))
    plan = Scenario(
        home, 1, 3, board=board, settings=SELDOM, time_servers=lambda host, unix_us: None
    )
    simulation = Simulation(plan, vm)
    simulation.run()
    assert consumption(simulation, "water") == len(home.times_us)
    link_oracle.judge(simulation)


@pytest.mark.long_on_micropython
@pytest.mark.long_where(board="esp32_c3_devkit")
@pytest.mark.parametrize("board", BOARDS)
def test_the_loss_of_mains_is_seen_while_a_name_is_asked_for(vm: str, board: str) -> None:
    # The capacitor lasts for 300 ms: less than any wait for a name server. Every loss must be
    # told, and the litres before it saved.
    home = Taps(list(range(60 * SECOND_US, HOUR_US, 7 * SECOND_US)))
    dips = tuple(Fault(minute * 60 * SECOND_US, "mains", 200_000) for minute in range(5, 45))
    away = (Fault(0, "names", HOUR_US), Fault(50 * 60 * SECOND_US, "mains", 60 * SECOND_US))
    settings = SELDOM | {"mains.sense": True}
    plan = Scenario(home, 1, 2, board=board, settings=settings, faults=dips + away)
    simulation = Simulation(plan, vm)
    simulation.run()
    assert event_types(simulation).count("mains_lost") == len(dips) + 1
    dark = [at_us - home.start_s * SECOND_US for at_us in home.times_us]
    missed = sum(3_000 * SECOND_US <= at_us < 3_064 * SECOND_US for at_us in dark)
    assert abs(consumption(simulation, "water") - (len(dark) - missed)) <= 1


def test_the_address_is_kept_for_when_the_name_server_is_away(vm: str) -> None:
    # The connection ends in the middle of an outage of the names: the broker is where it was.
    faults = (Fault(HOUR_US, "names", 3 * HOUR_US), Fault(2 * HOUR_US, "broker", 60 * SECOND_US))
    settings = {"interval_s": 900}
    simulation = Simulation(
        Scenario(House(1, START_S), 1, 4, settings=settings, faults=faults), vm
    )
    simulation.run()
    late_s = [e.at_us // SECOND_US % 900 for e in simulation.trace.published("intervals")]
    assert simulation.connections == 2
    assert max(late_s) < 120
    link_oracle.judge(simulation)
