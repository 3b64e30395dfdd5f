"""Events: what happened beside the flow, as small records and as words on the wire."""

import struct

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

# Type: its word on the wire, and the names of its integers.
_TYPES = {
    POWER_UP: ("power_up", ("cause", "damaged")),
    CLOCK_SET: ("clock_set", ("moved_s",)),
    CONFIG_REJECTED: ("config_rejected", ("problems",)),
    METER_SILENT: ("meter_silent", ("address",)),
    METER_ANSWERS: ("meter_answers", ("address", "silent_s")),
    READING_HELD: ("reading_held", ("channel", "register")),
    TASK_FAILED: ("task_failed", ("task",)),
    RECORDS_LOST: ("records_lost", ("first", "last")),
    JOURNAL_RECOVERED: ("journal_recovered", ("refused",)),
}


def pack(kind: int, boot: int, unix_s: int | None, values: tuple) -> bytes:
    """An event's payload; values are integers, signed ones too (zigzag)."""
    zigzag = [value * 2 if value >= 0 else -value * 2 - 1 for value in values]
    out = bytearray(_HEAD_BYTES + sum([varint.size(value) for value in zigzag]))
    struct.pack_into(_HEAD, out, 0, kind, boot & 0xFFFF, unix_s or 0)
    place = _HEAD_BYTES
    for value in zigzag:
        place = varint.put(out, place, value)
    return bytes(out)


def unpack(payload: bytes) -> tuple:
    """(boot, unix seconds or None, word, ((name, value), ...)) of an event's payload."""
    kind, boot, unix_s = struct.unpack_from(_HEAD, payload)
    word, names = _TYPES.get(kind, ("event_%d" % kind, ()))
    place = _HEAD_BYTES
    detail = []
    for name in names:
        if place >= len(payload):
            break
        value, place = varint.get(payload, place)
        detail.append((name, -(value // 2) - 1 if value & 1 else value // 2))
    return boot, unix_s or None, word, tuple(detail)
