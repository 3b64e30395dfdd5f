"""The in-world broker against mosquitto: the same bytes in must give the same packets back."""

import pytest

from host_sim.models.broker import Broker
from tests.sim.mqtt_lines import (
    CUT,
    DISCONNECT,
    ModelLine,
    RealLine,
    connect,
    packet,
    play,
    puback,
    publish,
    subscribe,
    text,
    will,
)
from tools.broker import Broker as RealBroker
from tools.broker import BrokerError

BAD = {
    "not connect first": publish("a", b"1"),
    "wrong protocol name": packet(0x10, text("MQTX") + b"\x04\x02\x00\x3c" + text("x")),
    "level 9": packet(0x10, text("MQTT") + b"\x09\x02\x00\x3c" + text("x")),
    "reserved connect flag": connect("x", flags=3),
    "will qos 3": connect("x", flags=2 | 4 | 24, tail=will("w", b"1")),
    "will qos without will": connect("x", flags=2 | 8),
    "password without user": connect("x", flags=2 | 64, tail=text("p")),
    "no client id, not clean": connect("", flags=0),
    "truncated client id": packet(0x10, text("MQTT") + b"\x04\x02\x00\x3c\x00\x09abc"),
    "length of five bytes": b"\x10\xff\xff\xff\xff\x01",
}
BAD_AFTER_CONNECT = {
    "packet id 0": publish("a", b"1", 0, flags=2),
    "qos 3": publish("a", b"1", 5, flags=6),
    "empty topic": publish("", b"1"),
    "wildcard topic": publish("a/+", b"1"),
    "topic not utf-8": packet(0x30, text(b"\xff\xfe") + b"1"),
    "topic with nul": publish("a\0b", b"1"),
    "topic longer than packet": packet(0x30, b"\x00\x09ab"),
    "second connect": connect("x"),
    "subscribe flags": packet(0x80, b"\x00\x01" + text("a") + b"\x00"),
    "subscribe id 0": subscribe(0, ("a", 0)),
    "subscribe nothing": packet(0x82, b"\x00\x01"),
    "subscribe qos 3": subscribe(1, ("a", 3)),
    "subscribe empty": subscribe(1, ("", 0)),
    "bad filter": subscribe(1, ("a/#/b", 0)),
    "bad filter tail": subscribe(1, ("a+", 0)),
    "puback id 0": puback(0),
    "connack from client": packet(0x20, b"\x00\x00"),
    "kind 0": packet(0x00, b""),
    "kind 15": packet(0xF0, b""),
    "puback unknown": puback(77),
    "unsubscribe unknown": packet(0xA2, b"\x00\x07" + text("never/asked")),
    "unsubscribe nothing": packet(0xA2, b"\x00\x07"),
    "disconnect flags": packet(0xE1, b""),
    "zero payload": publish("a", b""),
}
SCRIPTS: dict[str, list[tuple[str, bytes]]] = {
    "live, both ways": [
        ("a", connect("a")),
        ("b", connect("b", keepalive_s=0)),
        ("a", subscribe(1, ("ami/+/intervals", 1), ("ami/#", 0))),
        ("b", publish("ami/x/intervals", b"one", 7, flags=2)),
        ("a", puback(1)),
        ("b", publish("ami/x/status", b"two")),
        ("b", publish("other", b"three", 8, flags=2)),
        ("b", publish("ami/x/intervals", b"one", 7, flags=10)),
        ("a", packet(0xA2, b"\x00\x05" + text("ami/#"))),
        ("b", publish("ami/x/status", b"unseen")),
        ("b", DISCONNECT),
    ],
    "own messages come back": [
        ("a", connect("a")),
        ("a", subscribe(3, ("#", 1))),
        ("a", publish("x/y", b"mine", 9, flags=2)),
        ("a", publish("$x", b"hidden from #")),
    ],
    "retained": [
        ("a", connect("a")),
        ("a", publish("s/1", b"old", flags=1)),
        ("a", publish("s/1", b"kept", 2, flags=3)),
        ("a", publish("s/2", b"gone", flags=1)),
        ("a", publish("s/2", b"", flags=1)),
        ("b", connect("b")),
        ("b", subscribe(1, ("s/+", 1))),
        ("b", subscribe(2, ("s/1", 1))),
        ("a", publish("s/1", b"live", 3, flags=3)),
        ("a", publish("s/1", b"", flags=1)),
    ],
    "persistent session redelivers": [
        ("a", connect("a", flags=0)),
        ("a", subscribe(1, ("t", 1), ("zero", 0))),
        ("b", connect("b")),
        ("b", publish("t", b"unacked", 1, flags=2)),
        ("a", CUT),
        ("b", publish("t", b"while away", 2, flags=2)),
        ("b", publish("t", b"qos 0 is lost")),
        ("b", publish("zero", b"granted 0 is lost", 3, flags=2)),
        ("a2", connect("a", flags=0)),
        ("a2", puback(1)),
        ("a2", puback(2)),
        ("a2", DISCONNECT),
        ("a3", connect("a", flags=0)),
        ("a3", CUT),
        ("a4", connect("a", flags=2)),
        ("b", publish("t", b"nobody asks", 4, flags=2)),
        ("a4", CUT),
        ("a5", connect("a", flags=0)),
    ],
    "will on a cut, none on disconnect": [
        ("w", connect("w")),
        ("w", subscribe(1, ("dead/+", 1))),
        ("a", connect("a", flags=2 | 4 | 8 | 32, tail=will("dead/a", b"offline"))),
        ("b", connect("b", flags=2 | 4, tail=will("dead/b", b"offline"))),
        ("b", DISCONNECT),
        ("a", CUT),
        ("late", connect("late")),
        ("late", subscribe(1, ("dead/+", 0))),
    ],
    "will on a violation": [
        ("w", connect("w")),
        ("w", subscribe(1, ("dead", 0))),
        ("a", connect("a", flags=2 | 4, tail=will("dead", b"offline"))),
        ("a", publish("a", b"1", 0, flags=2)),
    ],
    "take-over": [
        ("w", connect("w")),
        ("w", subscribe(1, ("dead", 0))),
        ("a", connect("a", flags=4, tail=will("dead", b"first"))),
        ("a", subscribe(1, ("t", 1))),
        ("a2", connect("a", flags=4, tail=will("dead", b"second"))),
        ("w", publish("t", b"still subscribed", 5, flags=2)),
    ],
    "take-over, clean": [
        ("w", connect("w")),
        ("w", subscribe(1, ("dead", 0))),
        ("a", connect("a", flags=6, tail=will("dead", b"first"))),
        ("a", subscribe(1, ("t", 1))),
        ("a2", connect("a", flags=6, tail=will("dead", b"second"))),
        ("w", publish("t", b"not subscribed any more", 5, flags=2)),
        ("a3", connect("a", flags=4, tail=will("dead", b"third"))),
        ("a4", connect("a", flags=6, tail=will("dead", b"fourth"))),
    ],
    "more than one window": [
        ("a", connect("a")),
        ("a", subscribe(1, ("t", 1))),
        ("b", connect("b")),
        *[("b", publish("t", bytes([n]), n, flags=2)) for n in range(1, 31)],
        ("a", b"".join(puback(n) for n in range(1, 21))),
    ],
    "long packet": [
        ("a", connect("a")),
        ("a", subscribe(1, ("t", 0))),
        ("a", publish("t", b"x" * 5000)),
    ],
}
SCRIPTS |= {f"bad: {name}": [("a", data)] for name, data in BAD.items()}
SCRIPTS |= {
    f"bad: {name}": [("a", connect("a")), ("a", data)] for name, data in BAD_AFTER_CONNECT.items()
}


@pytest.fixture
def mosquitto():
    """A broker of its own for every script, so that none finds another's sessions."""
    try:
        with RealBroker.start("mosquitto") as broker:
            yield broker
    except BrokerError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", SCRIPTS)
def test_model_answers_as_mosquitto_does(name, mosquitto):
    # Mosquitto is the broker of the field: where the model differs, the simulation teaches lies.
    expected = play(SCRIPTS[name], lambda: RealLine(mosquitto.port))
    broker = Broker()
    assert play(SCRIPTS[name], lambda: ModelLine(broker)) == expected


@pytest.mark.parametrize("name", SCRIPTS)
def test_model_does_not_care_how_bytes_are_cut(name):
    # TCP keeps bytes in order, nothing else: byte by byte must equal packet by packet.
    whole, pieces = Broker(), Broker()
    expected = play(SCRIPTS[name], lambda: ModelLine(whole))
    assert play(SCRIPTS[name], lambda: ModelLine(pieces, chunk=1)) == expected
