"""Payloads in words, as firmware/JOURNAL.md describes them."""

import struct
from datetime import UTC, datetime

from tools.journal.image import Entry

PERIODS_S = (60, 300, 600, 900, 1800, 3600)
EPOCH_S = 1577836800
MISSING = 8


def describe(entry: Entry) -> dict[str, object]:
    """What a payload says; raw bytes in hexadecimal where only the owner knows."""
    try:
        if entry.name == "frame":
            return _frame(entry.payload)
        if entry.name == "loss":
            acked, boot, last, first = struct.unpack_from("<IIII", entry.payload)
            return {"acked": acked, "boot": boot, "first": first, "last": last}
        if entry.name in ("boot", "ack"):
            acked, boot = struct.unpack_from("<II", entry.payload)
            return {"acked": acked, "boot": boot}
    except (struct.error, IndexError):
        return {"malformed": entry.payload.hex()}
    return {"payload": entry.payload.hex()}


def _frame(payload: bytes) -> dict[str, object]:
    code, low, high, boot, common = struct.unpack_from("<BBHHB", payload)
    period_s = PERIODS_S[code & 0x7F]
    start_s = EPOCH_S + (high * 256 + low) * period_s
    deltas: list[int | None] = []
    qualities: list[int] = []
    offset = 7
    while offset < len(payload):
        quality = common
        if code & 0x80:
            quality = payload[offset]
            offset += 1
        delta = None
        if not quality & MISSING:
            delta, offset = _varint(payload, offset)
        deltas.append(delta)
        qualities.append(quality)
    start = datetime.fromtimestamp(start_s, UTC).isoformat()
    found: dict[str, object] = {"start": start, "period": period_s, "boot": boot, "delta": deltas}
    if any(qualities):
        found["quality"] = qualities
    return found


def _varint(payload: bytes, offset: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = payload[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, offset
