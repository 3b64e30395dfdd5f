"""The bytes of a message are those that go over the wire."""

import io

import pytest
from rich.console import Console

from host_sim.models.mqtt_packets import Message, build_publish
from tools.bench import message_bytes
from tools.bench.bench import Progress


@pytest.mark.parametrize("payload_bytes", [0, 100, 114, 115, 116, 117, 118, 16_400])
@pytest.mark.parametrize("qos", [0, 1])
def test_a_packet_is_as_long_as_the_broker_would_make_it(payload_bytes: int, qos: int) -> None:
    message = Message("ami/h1/ack", b"x" * payload_bytes, qos)
    packet = build_publish(message, packet_id=1)
    assert message_bytes.packet_bytes("ami/h1/ack", payload_bytes, qos) == len(packet)


def test_a_batch_takes_what_is_promised_and_less_than_single_values() -> None:
    results = message_bytes.measure(Progress(Console(quiet=True)))
    ours, tasmota, esphome = (
        results[key]["day_bytes_per_interval"]
        for key in ("message_bytes", "message_bytes_tasmota", "message_bytes_esphome")
    )
    assert ours <= 12 < esphome < tasmota
    assert all(verdict["met"] for verdict in message_bytes.verdicts(results))
    console = Console(record=True, file=io.StringIO(), width=120)
    for table in message_bytes.tables(results):
        console.print(table)
    assert "met" in console.export_text()


def test_an_hour_alone_is_dearer_than_in_a_day() -> None:
    # It says who, since when and from which register; what comes back is never free.
    ours = message_bytes.measure(Progress(Console(quiet=True)))["message_bytes"]
    assert ours["hour_bytes_per_interval"] > ours["day_bytes_per_interval"]
    for kind in ("day", "hour"):
        assert ours[f"{kind}_with_answers"] > ours[f"{kind}_bytes_per_interval"]
