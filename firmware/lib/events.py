"""Events: what happened beside the flow, as small records and as words on the wire."""

import struct

import once
from lib import varint

_HEAD = "<BHI"  # type, boot, unix seconds (0: not known)
_HEAD_BYTES = 7

POWER_UP = 1
CLOCK_SET = 2
CONFIG_REJECTED = 3
METER_SILENT = 4
METER_ANSWERS = 5
READING_HELD = 6
TASK_FAILED = 7
RECORDS_LOST = 8
JOURNAL_RECOVERED = 9
READING_TRUSTED = 10
METER_CHANGED = 11
PULSES_HELD = 12
PULSES_TRUSTED = 13
INPUT_FAULT = 14
INPUT_GOOD = 15
BACKFLOW = 16
MAINS_LOST = 17
MAINS_BACK = 18
CLOCK_DOUBTED = 19
DAY_CLOSED = 20
TARIFF_SET = 21
TARIFF_REFUSED = 22
TARIFF_PERIOD = 23
PERIOD_REGISTERS = 24
DEMAND = 25
EXPORT_UNAPPROVED = 26
EXPORT_ABOVE = 27
EXPORT_WITHIN = 28
CONFIG_SET = 29
LEAK_BEGAN = 30
LEAK_ENDED = 31
VOLTAGE_OUT = 32
VOLTAGE_OVER = 33
VALVE_MOVED = 34
VALVE_CHECKED = 35
REGISTER_OPENED = 36
METER_SWAPPED = 37
COLLECTOR_RESET = 38
PULSES_PROVEN = 39
COMMISSIONED = 40

# What somebody should know before all that waits to be told, unless event_classes.py says so.
ALARMS = (
    METER_SILENT,
    METER_CHANGED,
    INPUT_FAULT,
    BACKFLOW,
    EXPORT_UNAPPROVED,
    TASK_FAILED,
    LEAK_BEGAN,
    LEAK_ENDED,
    VOLTAGE_OUT,
    VALVE_MOVED,
    VALVE_CHECKED,
    COLLECTOR_RESET,
    COMMISSIONED,
)
# The same, but not before an outage has lasted for the hold: guard.py.
AFTER_HOLD = (MAINS_LOST, MAINS_BACK)


def pack(kind: int, boot: int, unix_s: int | None, values: tuple) -> bytes:
    """An event's payload; values are integers, signed ones too (zigzag)."""
    head = struct.pack(_HEAD, kind, boot & 0xFFFF, unix_s or 0)
    return varint.pack(head, [varint.zigzag(value) for value in values])


def unpack(payload: bytes) -> tuple:
    """(boot, unix seconds or None, word, ((name, value), ...)) of an event's payload."""
    kind, boot, unix_s = struct.unpack_from(_HEAD, payload)
    from lib import event_words

    once.forget("lib.event_words")
    words = event_words.of(kind)
    place = _HEAD_BYTES
    detail = []
    for name in words[1:]:
        if place >= len(payload):
            break
        value, place = varint.get(payload, place)
        detail.append((name, varint.signed(value)))
    return boot, unix_s or None, words[0], tuple(detail)
