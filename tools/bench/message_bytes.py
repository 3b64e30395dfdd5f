"""What an interval costs on the wire: the firmware's own batches beside messages with one value
each, or with one reading. MQTT packets whole, without TCP/IP.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from host_sim.models.house import House
from lib import payload
from lib.frame import Interval
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.headend import answers
from tools.headend.dump import CHANNELS

NAME: str = "message_bytes"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
HOUR_S = 3600
HOURS = 24
YEARS = 5  # that the registers have counted
COLLECTOR = "pk-246f28a1b2c3"
BOOT, SEQ = 7, 40_000
PUBACK_BYTES = 4

FIGURES = (
    Figure("day_bytes_per_interval", "a day in one batch, bytes per interval", 1, at_most=12),
    Figure("day_with_answers", "  with what comes back", 1),
    Figure("hour_bytes_per_interval", "each hour as it comes, bytes per interval", 1),
    Figure("hour_with_answers", "  with what comes back", 1),
)
CAPTION = """
Topic, payload and MQTT's header; a day of the built-in house in {intervals} intervals: four
channels, an hour each, registers of {years} years. What comes back: PUBACK, and the head-end's
acknowledgement, with its own PUBACK. The others know no batch and, by default, no acknowledgement
(QoS 0); what they said while nobody heard is gone. ESPHome's messages tell no time.
"""

Hour = tuple[int, list[int], list[int]]  # its start, the registers then, and what they count in it


def measure(progress: Progress) -> Results:
    """All of them, over the same day."""
    with progress.step("bytes per interval on the wire"):
        day = list(hours())
        return {
            NAME: {
                **_ours("day", [day]),
                **_ours("hour", [[hour] for hour in day]),
            },
            "message_bytes_tasmota": _peer(_tasmota(hour) for hour in day),
            "message_bytes_esphome": _peer(packet for hour in day for packet in _esphome(hour)),
            "message_bytes_bench": {"intervals": HOURS * len(CHANNELS), "years": YEARS},
        }


def tables(results: Results) -> list[Table]:
    """Side by side."""
    columns = [
        Column("batches", results[NAME], ours=True),
        Column("Tasmota", results["message_bytes_tasmota"]),
        Column("ESPHome", results["message_bytes_esphome"]),
    ]
    caption = CAPTION.format(**results["message_bytes_bench"])
    return [figure.table("Bytes on the wire", caption, FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """For our own."""
    return figure.verdicts(NAME, FIGURES, results[NAME])


def packet_bytes(topic: str, payload_bytes: int, qos: int) -> int:
    """Size of an MQTT 3.1.1 PUBLISH."""
    rest = 2 + len(topic) + (2 if qos else 0) + payload_bytes
    length_bytes = 1 if rest < 128 else 2 if rest < 16_384 else 3
    return 1 + length_bytes + rest


def hours() -> Iterator[Hour]:
    """A day of the built-in house, after some years."""
    home = House(1, START_S)
    hours_s = range(START_S, START_S + HOURS * HOUR_S, HOUR_S)
    day = [[home.hourly(name, at_s) for name, _ in CHANNELS] for at_s in hours_s]
    registers = [YEARS * 365 * sum(column) for column in zip(*day, strict=True)]
    for at_s, deltas in zip(hours_s, day, strict=True):
        yield at_s, registers, deltas
        registers = [each + delta for each, delta in zip(registers, deltas, strict=True)]


def _per_interval(sizes: list[int]) -> float:
    return sum(sizes) / (HOURS * len(CHANNELS))


# --- the firmware's messages ------------------------------------------------------------------


def _ours(key: str, batches: list[list[Hour]]) -> dict[str, float]:
    """By the firmware's own writer. Between two hours there is a checkpoint in the journal: their
    numbers are two apart.
    """
    topic = f"ami/{COLLECTOR}/intervals"
    sent, back = [], []
    seq = SEQ
    for hours in batches:
        batch = payload.IntervalBatch(CHANNELS, payload.writer())
        after = seq
        for at_s, registers, deltas in hours:
            seq += 2
            joined = batch.add(
                seq, BOOT, registers, Interval(at_s, HOUR_S, deltas, [0] * len(CHANNELS))
            )
            assert joined, "a day fits one message"
        text = batch.text(after, seq)
        sent.append(packet_bytes(topic, len(text), qos=1))
        ack_topic, ack = answers.ack(COLLECTOR, seq)
        back.append(2 * PUBACK_BYTES + packet_bytes(ack_topic, len(ack), qos=1))
    return {
        f"{key}_bytes_per_interval": _per_interval(sent),
        f"{key}_with_answers": _per_interval(sent) + _per_interval(back),
    }


# --- the others -------------------------------------------------------------------------------


def _peer(sizes: Iterator[int]) -> dict[str, float]:
    """They send hour by hour, whatever has piled up, and nothing comes back."""
    bytes_per_interval = _per_interval(list(sizes))
    return {each.key: bytes_per_interval for each in FIGURES}


def _tasmota(hour: Hour) -> int:
    """`tele/%topic%/SENSOR` with TelePeriod 3600, as Tasmota's documentation shows an energy meter
    (Commands, power monitoring) and its counters: one message for all four channels, in which it
    also tells what nobody asked for.
    """
    at_s, (delivered_wh, received_wh, water_l, gas_dm3), deltas = hour
    told = {
        "Time": datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "ENERGY": {
            "TotalStartTime": "2021-03-02T00:00:00",
            "Total": delivered_wh / 1000,
            "Yesterday": 9.406,
            "Today": 4.117,
            "ExportActive": received_wh / 1000,
            "Period": deltas[0],
            "Power": deltas[0],
            "ApparentPower": deltas[0],
            "ReactivePower": 0,
            "Factor": 0.95,
            "Voltage": 231,
            "Current": 1.677,
        },
        "COUNTER": {"C1": water_l, "C2": gas_dm3 // 10},
    }
    text = json.dumps(told, separators=(",", ":"))
    return packet_bytes("tele/tasmota_A1B2C3/SENSOR", len(text), qos=0)


def _esphome(hour: Hour) -> Iterator[int]:
    """`<node>/sensor/<name>/state` with the bare number, ESPHome's default topic and payload
    (esphome/components/mqtt/mqtt_component.cpp): one message for each value.
    """
    _, registers, _ = hour
    for (name, unit), register in zip(CHANNELS, registers, strict=True):
        text = f"{register / 1000:.3f}" if unit == "Wh" else str(register)
        yield packet_bytes(f"{COLLECTOR}/sensor/{name}/state", len(text), qos=0)
