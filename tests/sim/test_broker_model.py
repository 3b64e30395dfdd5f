"""The in-world broker by itself: what no real broker can be made to show on demand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_sim.models.broker import Broker
from host_sim.models.mqtt_packets import Message
from host_sim.models.mqtt_session import Session
from tests.sim.mqtt_lines import (
    PINGREQ,
    ModelLine,
    connect,
    cut_packets,
    packet,
    puback,
    publish,
    subscribe,
    text,
    will,
)

STRICTER = {  # the standard forbids these; mosquitto lets them pass, the model does not
    "dup at qos 0": publish("a", b"1", flags=8),
    "qos 2": publish("a", b"1", 1, flags=4),
    "pingreq with body": packet(0xC0, b"x"),
    "long puback": packet(0x40, b"\x00\x01\x00"),
}


@pytest.mark.parametrize("name", STRICTER)
def test_model_closes_on_what_the_standard_forbids(name):
    # A lenient broker would hide a defect of the firmware that a stricter one in the field shows.
    broker = Broker()
    line = ModelLine(broker)
    line.send(connect("a"))
    assert line.collect() == b"\x20\x02\x00\x00" and line.open
    line.send(STRICTER[name])
    assert not line.open and line.collect() == b"" and not broker.links


@given(st.lists(st.binary(max_size=40), max_size=8), st.booleans())
def test_noise_never_raises(pieces, greeted):
    # Whatever arrives, the world goes on: the link ends or waits for more, no exception comes out.
    broker = Broker()
    line = ModelLine(broker)
    if greeted:
        line.send(connect("a"))
    for piece in pieces:
        line.send(piece)
    assert line.open == bool(broker.links)


def test_silence_ends_the_link_at_one_and_a_half_keepalives():
    # A half-open line looks alive to the broker until the keepalive says otherwise; then the
    # will speaks.
    now = [0]
    seen = []
    broker = Broker(on_publish=lambda *message: seen.append(message), now_us=lambda: now[0])
    line = ModelLine(broker)
    assert broker.deadline_us == 90_000_000
    line.send(connect("a", flags=2 | 4 | 8 | 32, tail=will("dead", b"off"), keepalive_s=10))
    assert broker.deadline_us == 15_000_000
    now[0] = 7_000_000
    line.send(PINGREQ)
    now[0] = 21_999_999
    broker.tick()
    assert line.open and seen == []
    now[0] = 22_000_000
    broker.tick()
    assert not line.open and broker.deadline_us is None
    assert seen == [("a", "dead", b"off", 1, True, False)]
    assert broker.retained["dead"].payload == b"off"


def test_keepalive_zero_has_no_deadline():
    broker = Broker()
    ModelLine(broker).send(connect("a", keepalive_s=0))
    assert broker.deadline_us is None


def test_refusal_and_passwords():
    # A broker that refuses says why in CONNACK and closes; it keeps nothing of the client.
    broker = Broker(users={"meter": b"secret"})
    for tail, flags, code in (
        (b"", 2, 5),
        (text("meter") + text("wrong"), 2 | 192, 5),
        (text("nobody") + text("secret"), 2 | 192, 5),
        (text("meter") + text("secret"), 2 | 192, 0),
    ):
        line = ModelLine(broker)
        line.send(connect("a", flags, tail))
        assert line.collect() == bytes([0x20, 2, 0, code])
        assert line.open == (code == 0)
    broker.refuse_code = 3
    line = ModelLine(broker)
    line.send(connect("b", 2 | 192, text("meter") + text("secret")))
    assert line.collect() == b"\x20\x02\x00\x03" and not line.open
    assert list(broker.sessions) == ["a"]


def test_local_client_answers_after_the_puback():
    # The head-end hangs on the broker inside the world: its ack must not overtake the PUBACK.
    broker = Broker()
    line = ModelLine(broker)
    client = broker.attach(
        "head-end", "ami/+/intervals", lambda topic, _: broker.publish("ami/x/ack", topic.encode())
    )
    line.send(connect("x") + subscribe(1, ("ami/x/ack", 1)))
    line.collect()
    line.send(publish("ami/x/intervals", b"{}", 1, flags=2))
    ack = publish("ami/x/ack", b"ami/x/intervals", 1, flags=2)
    assert cut_packets(line.collect()) == [puback(1), ack]
    client.pause()
    line.send(publish("ami/x/intervals", b"{}", 2, flags=2) + publish("ami/x/intervals", b"lost"))
    assert line.collect() == puback(2)
    client.resume()
    broker.deliver()
    assert line.collect() == publish("ami/x/ack", b"ami/x/intervals", 2, flags=2)


def test_restart_forgets_or_keeps():
    # A broker without persistence loses sessions and retained messages; no will is published.
    for keep in (True, False):
        broker = Broker()
        line = ModelLine(broker)
        line.send(connect("a", 4, will("dead", b"off")) + subscribe(1, ("t", 1)))
        broker.publish("t", b"owed", retain=True)
        broker.restart(keep)
        assert not line.open and "dead" not in broker.retained
        again = ModelLine(broker)
        again.send(connect("a", 0))
        heard = cut_packets(again.collect())
        assert heard[0] == bytes([0x20, 2, keep, 0])
        assert heard[1:] == ([publish("t", b"owed", 1, flags=10)] if keep else [])
        assert list(broker.retained) == (["t"] if keep else [])


def test_queue_is_bounded_and_counts_what_it_drops():
    broker = Broker(max_inflight=2, max_queued=3)
    line = ModelLine(broker)
    line.send(connect("a", 0) + subscribe(1, ("t", 1)))
    line.cut()
    for n in range(5):
        broker.publish("t", bytes([n]))
    assert (broker.sessions["a"].owed, broker.sessions["a"].dropped) == (3, 2)


def test_packet_ids_wrap_past_zero_and_past_those_in_use():
    # Id 0 is forbidden, and an id still in flight must not be given to a second message.
    sent = []
    session = Session("a", clean=True, max_inflight=3, max_queued=10)
    session.connected(lambda data: sent.append(int.from_bytes(data[5:7], "big")))
    for n in range(65_540):
        session.offer(Message("t", b"", 1), 1)
        if sent[-1] != 5:  # the client never acknowledges the fifth
            session.acknowledged(sent[-1])
        assert len(sent) == n + 1
    assert sent[:65_535] == list(range(1, 65_536))
    assert sent[65_535:] == [1, 2, 3, 4, 6]
