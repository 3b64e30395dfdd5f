"""The frame: one interval of all channels, packed to fit a 32-byte record.

    format u8, number of the interval u24 (periods since 2020-01-01), boot u16, quality u8,
    then one varint per channel

Four channels fit when they take 17 bytes together. Where the channels' qualities differ, or a
value is missing, bit 7 of the format is set and a quality byte stands before each channel's
varint; a missing value has no varint.
"""

import struct

from lib import varint
from lib.quality import MISSING

EPOCH_UNIX_S = 1577836800  # 2020-01-01
PERIODS_S = (60, 300, 600, 900, 1800, 3600)  # place in it: low bits of the format
_OWN_QUALITY = 0x80
_LAYOUT = "<BBHHB"  # format, number (low byte, high bytes), boot, quality
_HEAD_BYTES = 7


class Interval:
    """What a frame says: `deltas` are in the channels' units or None, in the order of the
    channels, as are `qualities`; `start_s` is UTC in unix seconds."""

    def __init__(self, start_s: int, boot: int, period_s: int, deltas: list, qualities: list):
        self.start_s = start_s
        self.boot = boot
        self.period_s = period_s
        self.deltas = deltas
        self.qualities = qualities


def pack(start_s: int, boot: int, period_s: int, deltas: list, qualities: list) -> bytes:
    """Encode one interval. ValueError when it does not begin at a multiple of its period, the
    period is none of PERIODS_S, or a missing value is not flagged MISSING (or the reverse)."""
    number = (start_s - EPOCH_UNIX_S) // period_s
    if period_s not in PERIODS_S or (start_s - EPOCH_UNIX_S) % period_s:
        raise ValueError("interval of %d s at %d" % (period_s, start_s))
    if not 0 <= number < 1 << 24:
        raise ValueError("interval at %d is out of range" % start_s)
    own = MISSING in [flags & MISSING for flags in qualities] or len(set(qualities)) > 1
    buf = bytearray(_HEAD_BYTES + len(deltas) * 11)
    code = PERIODS_S.index(period_s) | (_OWN_QUALITY if own else 0)
    common = 0 if own or not qualities else qualities[0]
    struct.pack_into(_LAYOUT, buf, 0, code, number & 0xFF, number >> 8, boot & 0xFFFF, common)
    offset = _HEAD_BYTES
    for delta, flags in zip(deltas, qualities):
        if (delta is None) != bool(flags & MISSING):
            raise ValueError("delta %s with quality %d" % (delta, flags))
        if own:
            buf[offset] = flags
            offset += 1
        if delta is not None:
            offset = varint.put(buf, offset, delta)
    return bytes(buf[:offset])


def unpack(payload: bytes) -> Interval:
    """Decode one interval; ValueError when it is cut short or of an unknown format."""
    if len(payload) < _HEAD_BYTES:
        raise ValueError("frame cut short")
    code, low, high, boot, common = struct.unpack_from(_LAYOUT, payload, 0)
    own = code & _OWN_QUALITY
    code &= ~_OWN_QUALITY
    if code >= len(PERIODS_S):
        raise ValueError("frame of unknown format %d" % code)
    period_s = PERIODS_S[code]
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
    start_s = EPOCH_UNIX_S + (high << 8 | low) * period_s
    return Interval(start_s, boot, period_s, deltas, qualities)
