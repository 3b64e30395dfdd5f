"""The frame: one interval of all channels, in the fewest blocks of flash.

Most hours fit a compact record of 16 bytes. Its kind is 0x80 + (channels - 1) * 16 + 8 when
daylight saving time is on + place of the period in PERIODS_S; its payload:

    low 16 bits of the number of the interval, then 56 bits shared equally among the channels

All others, where a value is missing, is too large or has any other quality, are a FRAME:

    format u8, number of the interval u24 (periods since 2020-01-01), quality u8,
    then one varint per channel

Where the channels' qualities differ, or a value is missing, bit 7 of the format is set and a
quality byte stands before each channel's varint; a missing value has no varint. Bit 6 says that
the time was not known: the number counts periods since the boot.
"""

import struct

from lib import record, varint
from lib.quality import DST, MISSING

EPOCH_UNIX_S = 1577836800  # 2020-01-01
PERIODS_S = (60, 300, 600, 900, 1800, 3600)  # place in it: low bits of the format
_OWN_QUALITY = 0x80
_SINCE_BOOT = 0x40
_LAYOUT = "<BBHB"  # format, number (low byte, high bytes), quality
_HEAD_BYTES = 5
_COMPACT_DST = 0x08
_COMPACT_CHANNELS = 8
_COMPACT_BITS = 56
_NEAR = 1 << 15  # a compact number is told from one that is less than this away


class Interval:
    """What a frame says: `deltas` are in the channels' units or None, in the order of the
    channels, as are `qualities`; `start_s` is UTC in unix seconds, or seconds since the boot."""

    def __init__(self, start_s: int, period_s: int, deltas, qualities, since_boot=False):
        self.start_s = start_s
        self.since_boot = since_boot
        self.period_s = period_s
        self.deltas = deltas
        self.qualities = qualities

    def end_s(self) -> int:
        """In unix seconds; 0 while the time was not known."""
        return 0 if self.since_boot else self.start_s + self.period_s


def pack(
    start_s: int, period_s: int, deltas: list, qualities: list, boundary_s: int | None = 0
) -> tuple:
    """Encode one interval as `(kind, payload)` of its record.

    boundary_s: the end of the interval before, as the journal tells it to whoever reads on; 0
    when it does not; None: `start_s` is in seconds since the boot. ValueError when the interval
    does not begin at a multiple of its period, the period is none of PERIODS_S, or a missing value
    is not flagged MISSING (or the reverse).
    """
    since_boot = boundary_s is None
    number = start_s // period_s if since_boot else _number(start_s, period_s)
    if period_s not in PERIODS_S or (start_s - EPOCH_UNIX_S) % period_s:
        raise ValueError("interval of %d s at %d" % (period_s, start_s))
    if not 0 <= number < 1 << 24:
        raise ValueError("interval at %d is out of range" % start_s)
    for delta, flags in zip(deltas, qualities):
        if (delta is None) != bool(flags & MISSING) or (delta or 0) < 0:
            raise ValueError("delta %s with quality %d" % (delta, flags))
    code = PERIODS_S.index(period_s)
    if since_boot:
        code |= _SINCE_BOOT
    elif -_NEAR <= number - _number(boundary_s, period_s) < _NEAR and _is_small(deltas, qualities):
        return _pack_compact(code, number, deltas, qualities[0])
    return record.FRAME, _pack_full(code, number, deltas, qualities)


def is_frame(kind: int) -> bool:
    """Whether a record of that kind holds an interval."""
    return kind == record.FRAME or kind >= record.COMPACT


def unpack(kind: int, payload: bytes, boundary_s: int) -> Interval:
    """Decode one interval; ValueError when it is cut short or of an unknown format.

    boundary_s: the end of the interval before it in the journal, or the snapshot's boundary.
    """
    if kind >= record.COMPACT:
        return _unpack_compact(kind, payload, boundary_s)
    return _unpack_full(payload)


def _number(unix_s: int, period_s: int) -> int:
    return (unix_s - EPOCH_UNIX_S) // period_s


def _is_small(deltas: list, qualities: list) -> bool:
    """Whether it fits a compact record, if its number does."""
    count = len(deltas)
    if not 0 < count <= _COMPACT_CHANNELS or qualities[0] not in (0, DST):
        return False
    return len(set(qualities)) == 1 and max(deltas) < 1 << _COMPACT_BITS // count


def _pack_compact(period: int, number: int, deltas: list, quality: int) -> tuple:
    bits = _COMPACT_BITS // len(deltas)
    kind = record.COMPACT | (len(deltas) - 1) << 4 | period
    packed = 0
    for place, delta in enumerate(deltas):
        packed |= delta << place * bits
    payload = (number & 0xFFFF).to_bytes(2, "little") + packed.to_bytes(7, "little")
    return (kind | _COMPACT_DST if quality else kind), payload


def _unpack_compact(kind: int, payload: bytes, boundary_s: int) -> Interval:
    period_s = _period_s(kind & (_COMPACT_DST - 1))
    count = ((kind & 0x70) >> 4) + 1
    bits = _COMPACT_BITS // count
    near = _number(boundary_s, period_s)
    number = near - _NEAR + (((payload[1] << 8 | payload[0]) - near + _NEAR) & 0xFFFF)
    packed = int.from_bytes(payload[2:], "little")
    deltas = [packed >> place * bits & (1 << bits) - 1 for place in range(count)]
    quality = DST if kind & _COMPACT_DST else 0
    return Interval(EPOCH_UNIX_S + number * period_s, period_s, deltas, [quality] * count)


def _pack_full(code: int, number: int, deltas: list, qualities: list) -> bytes:
    own = MISSING in [flags & MISSING for flags in qualities] or len(set(qualities)) > 1
    buf = bytearray(_HEAD_BYTES + len(deltas) * 11)
    code |= _OWN_QUALITY if own else 0
    common = 0 if own or not qualities else qualities[0]
    struct.pack_into(_LAYOUT, buf, 0, code, number & 0xFF, number >> 8, common)
    offset = _HEAD_BYTES
    for delta, flags in zip(deltas, qualities):
        if own:
            buf[offset] = flags
            offset += 1
        if delta is not None:
            offset = varint.put(buf, offset, delta)
    return bytes(buf[:offset])


def _unpack_full(payload: bytes) -> Interval:
    if len(payload) < _HEAD_BYTES:
        raise ValueError("frame cut short")
    code, low, high, common = struct.unpack_from(_LAYOUT, payload, 0)
    own = code & _OWN_QUALITY
    since_boot = bool(code & _SINCE_BOOT)
    period_s = _period_s(code & ~(_OWN_QUALITY | _SINCE_BOOT))
    deltas = []
    qualities = []
    offset = _HEAD_BYTES
    while offset < len(payload):
        flags = common
        delta = None
        if own:
            flags = payload[offset]
            offset += 1
        if not flags & MISSING:
            delta, offset = varint.get(payload, offset)
        deltas.append(delta)
        qualities.append(flags)
    start_s = (high << 8 | low) * period_s + (0 if since_boot else EPOCH_UNIX_S)
    return Interval(start_s, period_s, deltas, qualities, since_boot)


def _period_s(code: int) -> int:
    if code >= len(PERIODS_S):
        raise ValueError("frame of unknown format %d" % code)
    return PERIODS_S[code]
