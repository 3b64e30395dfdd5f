"""The broker starter: ready when it says so, gone when it says so, one line when it can not."""

import os
import socket

import pytest

from tests.sim.mqtt_lines import RealLine, connect, cut_packets, publish, subscribe
from tools.broker import Broker, BrokerError


def started(kind: str, **options) -> Broker:
    try:
        return Broker.start(kind, **options)
    except BrokerError as error:
        if "not installed" in str(error):
            pytest.skip(str(error))
        raise


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt"])
def test_it_serves_until_the_block_ends(kind):
    with started(kind) as broker:
        assert broker.kind == kind
        os.kill(broker.pid, 0)
        line = RealLine(broker.port)
        line.send(connect("a"))
        assert line.collect() == b"\x20\x02\x00\x00"
        line.cut()
    with pytest.raises(ProcessLookupError):
        os.kill(broker.pid, 0)
    with pytest.raises(ConnectionRefusedError):
        RealLine(broker.port)


def test_two_at_once_do_not_meet():
    with started("auto") as one, started("auto") as other:
        assert one.port != other.port


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt"])
def test_a_taken_port_gives_one_line(kind):
    # Somebody else listens there, and does not speak MQTT.
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerError) as caught:
            started(kind, port=port)
    assert str(caught.value).startswith(f"{kind} ended at once: ")
    assert "in use" in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_kind_is_named():
    with pytest.raises(
        BrokerError, match="unknown broker 'rabbit': choose one of auto, mosquitto"
    ):
        Broker.start("rabbit")


def test_without_mosquitto_the_embedded_one_serves(monkeypatch):
    monkeypatch.setattr("tools.broker._mosquitto", lambda: None)
    with Broker.start() as broker:
        assert broker.kind == "amqtt"
    with pytest.raises(BrokerError, match="mosquitto is not installed"):
        Broker.start("mosquitto")


def test_a_store_keeps_sessions_over_a_restart(tmp_path):
    # A broker that was restarted with its store still owes what it took over.
    with started("mosquitto", store=tmp_path) as broker:
        line = RealLine(broker.port)
        line.send(connect("a", flags=0) + subscribe(1, ("t", 1)))
        line.collect()
        line.cut()
        other = RealLine(broker.port)
        other.send(connect("b") + publish("t", b"owed", 1, flags=2))
        other.collect()
    with started("mosquitto", store=tmp_path) as broker:
        line = RealLine(broker.port)
        line.send(connect("a", flags=0))
        heard = cut_packets(line.collect())
    assert heard[0] == b"\x20\x02\x01\x00" and heard[1].endswith(b"owed")
