"""Somebody at the broker who means no good: thousands of messages on the collector's own topics,
and a broker that talks nonsense itself. It meters on, to the pulse, and everything arrives.
"""

import random

import pytest

from host_sim.models.house import House
from host_sim.models.mqtt_packets import Message, build_publish
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, event_types

TOPICS = [f"ami/{COLLECTOR}/{word}" for word in ("ack", "time", "tariff")]
HOURS = 6
SECOND_US = 1_000_000


def garbage(rng: random.Random) -> bytes:
    """What might be taken for a message, and is none."""
    return rng.choice(
        (
            lambda: rng.randbytes(rng.randrange(200)),
            lambda: b"",
            lambda: b"[" * rng.randrange(200),
            lambda: b'{"v":1,"upto":' * rng.randrange(1, 12),
            lambda: b'{"v":1,"upto":%d}' % rng.randrange(1 << 33, 1 << 70),
            lambda: b'{"v":1,"unix_s":%d}' % rng.randrange(1 << 70),
            lambda: b'{"v":1,"unix_s":"%s"}' % (b"9" * rng.randrange(150)),
            lambda: b'"' + b"\\u0000" * rng.randrange(30),
        )
    )()


def flooded(vm: str, pour, **further) -> Simulation:
    """pour(simulation, rng) happens every ten minutes."""
    seed = random.SystemRandom().randrange(1 << 32)
    print("seed", seed)
    simulation = Simulation(Scenario(House(3, START_S), 3, hours=HOURS, **further), vm)
    rng = random.Random(seed)
    for minute in range(10, 60 * HOURS - 30, 10):
        simulation.world.at(minute * 60 * SECOND_US + 1, lambda: pour(simulation, rng))
    simulation.run()
    return simulation


def check(simulation: Simulation, heap_bytes: int) -> None:
    """It lived through it in one piece, with all it had counted, and room to spare."""
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    assert audited(simulation).closes, audited(simulation).remarks
    assert audited(simulation).kept == 4 * HOURS
    assert "task_failed" not in event_types(simulation)
    low = simulation.heap_low_bytes()
    assert low is None or low > heap_bytes


def test_thousands_of_messages(vm: str) -> None:
    # In the smallest heap, 33 times 150 messages at once, of both qualities of service.
    def pour(simulation: Simulation, rng: random.Random) -> None:
        for _ in range(150):
            simulation.broker.publish(
                rng.choice(TOPICS), garbage(rng), rng.randrange(2), client_id="stranger"
            )

    check(flooded(vm, pour, code_in_flash=True), 3072)


@pytest.mark.long
def test_messages_that_are_too_long(vm: str) -> None:
    # More than the collector has room for, and the last one is kept by the broker for whoever
    # subscribes: without it nobody could be helped.
    def pour(simulation: Simulation, rng: random.Random) -> None:
        for _ in range(30):
            text = rng.randbytes(rng.choice((300, 321, 1000, 16_000, 70_000)))
            simulation.broker.publish(
                TOPICS[0], text, rng.randrange(2), rng.randrange(2) == 1, client_id="stranger"
            )

    check(flooded(vm, pour), 4096)


@pytest.mark.long_on_micropython
def test_a_broker_that_talks_nonsense(vm: str) -> None:
    # Packets that no broker may send: QoS 2, answers to nothing, lengths without an end.
    def pour(simulation: Simulation, rng: random.Random) -> None:
        for link in list(simulation.broker.links):
            publish = build_publish(Message(rng.choice(TOPICS), garbage(rng), 1, False), 7)
            nonsense = (
                bytes((publish[0] & 0xF0 | 4,)) + publish[1:],
                b"\x40\x02\xff\xff" * 100,
                b"\x90\x03\x00\x01\x80",
                b"\xff\xff\xff\xff\xff",
                b"\x30\x02\xff\xff",
                b"\x32\x04\x00\x01\xff\xff",
                b"\x20\x02\x00\x05",
                b"\x00\x00" * 200,
            )
            link._send(rng.choice(nonsense))

    check(flooded(vm, pour), 4096)
