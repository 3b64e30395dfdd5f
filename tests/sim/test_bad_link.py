"""A bad way to the head-end, and one thing that goes wrong at a time; test_link_faults.py has all
of them at once.
"""

import pytest

from host_sim import passage
from host_sim.models import mqtt_packets as wire
from host_sim.models.house import House
from host_sim.models.taps import Taps
from host_sim.passage import UP, Mishap, Passage
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.drivers.peer import Peer, obliging
from tests.sim import link_oracle
from tests.sim.bench import START_S

SECOND_US = 1_000_000


def first_suffers(*mishaps: Mishap, hours: int = 3, faults: tuple[Fault, ...] = ()) -> Scenario:
    """Hours of which only the first connection has something to suffer."""

    def passages(number: int, now_us: int) -> Passage:
        return Passage(40_000, 0, () if number else mishaps)

    settings = {"interval_s": 900, "meter.poll_s": 900}
    home = House(1, START_S)
    return Scenario(home, 1, hours, settings=settings, faults=faults, passages=passages)


def test_what_stays_at_home_does_not_keep_the_connection_from_being_kept(vm: str) -> None:
    # While water flows, checkpoints wake the uplink before a ping is due, and have nothing
    # for the head-end. Who pings only when nothing wakes him is thrown out again and again.
    home = Taps(list(range(0, HOUR_US, 5 * SECOND_US)))
    settings = {"checkpoint_s": 10, "mqtt.keepalive_s": 60}
    simulation = Simulation(Scenario(home, 1, 1, settings=settings), vm)
    simulation.run()
    assert simulation.connections == 1
    assert not [e for e in simulation.trace.published("status") if b'"online":0' in e.data]
    link_oracle.judge(simulation)


def test_a_line_that_went_dead_is_left_within_two_minutes(vm: str) -> None:
    # The broker's end is gone without a word while a message is on its way. The message is at the
    # head-end on the next connection, long before the keepalive of five minutes would have told.
    simulation = Simulation(first_suffers(Mishap(UP, 1000, passage.SILENCE)), vm)
    simulation.run()
    late_s = [e.at_us // SECOND_US % 900 for e in simulation.trace.published("intervals")]
    assert simulation.connections == 2
    assert 60 < max(late_s) < 120
    link_oracle.judge(simulation)


@pytest.mark.long_on_micropython
def test_a_broker_that_answers_pings_and_takes_nothing(vm: str) -> None:
    # Alive by its pings, and no message is ever acknowledged: with a full window that would be the
    # end of all shipping, for ever. Another connection, which finds another broker behind the
    # address, must be tried.
    def answer(kind: int, flags: int, body: bytes) -> bytes | None:
        return None if kind == wire.PUBLISH else obliging(kind, flags, body)

    simulation = Simulation(first_suffers(), vm)
    peer = Peer(answer)
    simulation.broker = peer  # type: ignore[assignment]
    simulation.run()
    assert peer.links > 20
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]


def test_a_broker_that_forgets_what_it_took(vm: str) -> None:
    # It has acknowledged two hours of messages to a collector, and dies before the head-end, which
    # is away, has them. Acknowledged by the broker is not arrived: they are sent again.
    faults = (
        Fault(HOUR_US // 2, "head_end", 2 * HOUR_US),
        Fault(2 * HOUR_US, "amnesia", 60 * SECOND_US),
    )
    simulation = Simulation(first_suffers(hours=4, faults=faults), vm)
    simulation.run()
    link_oracle.judge(simulation)
