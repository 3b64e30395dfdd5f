"""Payloads in words, as firmware/JOURNAL.md describes them."""

import struct
from datetime import UTC, datetime

from tools.journal.image import Entry

PERIODS_S = (60, 300, 600, 900, 1800, 3600)
EPOCH_S = 1577836800
MISSING, DST = 8, 128
COMPACT = 0x80
SINCE_BOOT = 0x40


class Words:
    """Says what payloads mean, one record after the other: a compact frame tells its time by the
    boundary that was told before it.
    """

    def __init__(self) -> None:
        self._boundary_s = 0
        self._channels = 0

    def describe(self, entry: Entry) -> dict[str, object]:
        """What a payload says; raw bytes in hexadecimal where only the owner knows."""
        tell = {
            "frame": self._frame,
            "snapshot": self._snapshot,
            "checkpoint": self._checkpoint,
            "event": _event,
            "boot": _mark,
            "ack": _mark,
            "loss": _mark,
            "done": _done,
            "tariff": _tariff,
            "leak": _leak,
        }.get(entry.name)
        try:
            return tell(entry) if tell else {"payload": entry.payload.hex()}
        except (struct.error, IndexError, ValueError):
            return {"malformed": entry.payload.hex()}

    def _snapshot(self, entry: Entry) -> dict[str, object]:
        boundary_s, channels = struct.unpack_from("<IB", entry.payload)
        values = _varints(entry.payload[5:])
        if len(values) not in (2 * channels, 3 * channels):
            raise IndexError
        self._boundary_s, self._channels = boundary_s, channels
        found: dict[str, object] = {
            "boundary": _utc(boundary_s) if boundary_s else None,
            "register": [value - 1 if value else None for value in values[:channels]],
            "since": values[channels : 2 * channels],
        }
        if len(values) > 2 * channels:
            found["carry"] = [_signed(value) for value in values[2 * channels :]]
        return found

    def _checkpoint(self, entry: Entry) -> dict[str, object]:
        values = _varints(entry.payload)
        if len(values) != 2 * self._channels:
            return {"since": values}
        since, carry = values[: self._channels], values[self._channels :]
        return {"since": since, "carry_change": [_signed(value) for value in carry]}

    def _frame(self, entry: Entry) -> dict[str, object]:
        compact = entry.kind >= COMPACT
        read = _compact if compact else _full
        number, period_s, deltas, qualities = read(entry, self._boundary_s)
        found: dict[str, object] = {}
        if not compact and entry.payload[0] & SINCE_BOOT:
            found["since_boot"] = number * period_s
        else:
            start_s = EPOCH_S + number * period_s
            self._boundary_s = start_s + period_s
            found["start"] = _utc(start_s)
        found |= {
            "period": period_s,
            "boot": entry.boot,
            "delta": deltas,
        }
        if any(qualities):
            found["quality"] = qualities
        return found


Frame = tuple[int, int, list[int | None], list[int]]


def _compact(entry: Entry, boundary_s: int) -> Frame:
    period_s = PERIODS_S[entry.kind & 7]
    channels = (entry.kind >> 4 & 7) + 1
    near = (boundary_s - EPOCH_S) // period_s
    low = int.from_bytes(entry.payload[:2], "little")
    number = min(range(low, 1 << 25, 1 << 16), key=lambda number: abs(number - near))
    bits = format(int.from_bytes(entry.payload[2:9], "little"), "056b")
    width = 56 // channels
    deltas: list[int | None] = [
        int(bits[56 - width * (i + 1) : 56 - width * i], 2) for i in range(channels)
    ]
    return number, period_s, deltas, [DST if entry.kind & 8 else 0] * channels


def _full(entry: Entry, _boundary_s: int) -> Frame:
    payload = entry.payload
    code, low, high, common = struct.unpack_from("<BBHB", payload)
    deltas: list[int | None] = []
    qualities: list[int] = []
    offset = 5
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
    return high * 256 + low, PERIODS_S[code & 0x3F], deltas, qualities


def _mark(entry: Entry) -> dict[str, object]:
    acked, boot, *further = struct.unpack(f"<{len(entry.payload) // 4}I", entry.payload)
    names = ("last", "first") if entry.name == "loss" else ("lost",)
    return {"acked": acked, "boot": boot, **dict(zip(names, further, strict=False))}


def _done(entry: Entry) -> dict[str, object]:
    first, twin, length, checksum = struct.unpack("<IIHI", entry.payload)
    return {"first": first, "twin": twin, "length": length, "crc32": f"{checksum:08x}"}


def _event(entry: Entry) -> dict[str, object]:
    kind, boot, unix_s = struct.unpack_from("<BHI", entry.payload)
    values = [_signed(value) for value in _varints(entry.payload[7:])]
    time = _utc(unix_s) if unix_s else None
    return {"type": kind, "boot": boot, "time": time, "values": values}


def _tariff(entry: Entry) -> dict[str, object]:
    return {"text": entry.payload.decode("ascii", "backslashreplace")}


def _leak(entry: Entry) -> dict[str, object]:
    return {"channel": entry.payload[0], "state": _varints(entry.payload[1:])}


def _utc(unix_s: int) -> str:
    return datetime.fromtimestamp(unix_s, UTC).isoformat()


def _varints(raw: bytes) -> list[int]:
    values, offset = [], 0
    while offset < len(raw):
        value, offset = _varint(raw, offset)
        values.append(value)
    return values


def _varint(payload: bytes, offset: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = payload[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, offset


def _signed(value: int) -> int:
    """The number of a zigzag: 0, -1, 1, -2 ..."""
    return -(value // 2) - 1 if value % 2 else value // 2
