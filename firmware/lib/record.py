"""The journal's record: one program operation, 16-byte aligned, never touched again.

    kind u8, low byte of the sequence u8, anchor u8, length u8, payload, CRC-32, zeros

A kind of 0x80 and above is compact: without the length, its payload is always 9 bytes, and the
whole record one block of 16.

The CRC starts from a seed that mixes in the epoch of the sector, the slot (offset / 16) and the
rest of the sequence: a record is valid only where and when it was written. JOURNAL.md has it all.
"""

import struct
from binascii import crc32

SLOT_BYTES = 16
MAX_BYTES = 128
HEAD_BYTES = 4
OVERHEAD_BYTES = HEAD_BYTES + 4
MAX_PAYLOAD = MAX_BYTES - OVERHEAD_BYTES
COMPACT = 0x80
COMPACT_PAYLOAD = 9
_COMPACT_HEAD_BYTES = 3

# Kinds. The journal writes the first block itself; the owner may use all the others.
FENCE = 0x01  # shield over what an interrupted program may have left; no sequence of its own
BOOT = 0x02  # marks: payload starts with the state (see `pack_mark`)
ACK = 0x03
LOSS = 0x04
SNAPSHOT = 0x05  # the owner's full registers, first in every sector
FRAME = 0x10  # one interval of all channels; most fit a compact record (lib/frame.py)
EVENT = 0x11
CHECKPOINT = 0x12  # registers between two intervals
TARIFF = 0x13  # a piece of the almanac's text (rates/shelf.py)
LEAK = 0x14  # what is known of a channel's leaks (lib/leak.py)
BLANK = 0xFF  # what erased flash reads: never a kind

MARKS = (BOOT, ACK, LOSS)
MARK_MAX_BYTES = 32


def padded(kind: int, payload_bytes: int) -> int:
    """Bytes in flash of a record of that kind with that payload."""
    if kind >= COMPACT:
        return SLOT_BYTES
    return (payload_bytes + OVERHEAD_BYTES + SLOT_BYTES - 1) & ~(SLOT_BYTES - 1)


def is_storable(kind: int, payload_bytes: int) -> bool:
    """Whether there can be such a record."""
    if kind >= COMPACT:
        return kind < BLANK and payload_bytes == COMPACT_PAYLOAD
    return kind > 0 and payload_bytes <= MAX_PAYLOAD


def payload(view: memoryview) -> memoryview:
    """The payload of the record at the start of `view`."""
    if view[0] >= COMPACT:
        return view[_COMPACT_HEAD_BYTES : _COMPACT_HEAD_BYTES + COMPACT_PAYLOAD]
    return view[HEAD_BYTES : HEAD_BYTES + view[3]]


def seed(epoch: int, slot: int, seq: int) -> int:
    """Start value of the CRC."""
    return ((epoch << 8 | slot) ^ (seq >> 8)) & 0xFFFFFFFF


def full_seq(base: int, view: memoryview) -> int:
    """The sequence of the record at the start of `view`: the one in base .. base + 255 with its
    low byte."""
    return base + ((view[1] - base) & 0xFF)


def pack_into(buf: bytearray, kind: int, anchor: int, seq: int, data: bytes, start: int) -> int:
    """Encode into `buf[0:]` with the CRC's start value `start`; returns the padded size."""
    head = _COMPACT_HEAD_BYTES if kind >= COMPACT else HEAD_BYTES
    end = head + len(data)
    size = padded(kind, len(data))
    buf[3] = len(data)
    buf[0] = kind
    buf[1] = seq & 0xFF
    buf[2] = anchor
    buf[head:end] = data
    struct.pack_into("<I", buf, end, crc32(memoryview(buf)[:end], start))
    for i in range(end + 4, size):
        buf[i] = 0
    return size


def check(view: memoryview, epoch: int, slot: int, base: int) -> int:
    """Padded size of the valid record at the start of `view`, 0 when there is none.

    `slot` is its place in the sector; its sequence must lie in base .. base + 255.
    """
    if len(view) < SLOT_BYTES:
        return 0
    kind = view[0]
    if not 0 < kind < BLANK:
        return 0
    if kind >= COMPACT:
        end = _COMPACT_HEAD_BYTES + COMPACT_PAYLOAD
    else:
        end = HEAD_BYTES + view[3]
        if end + 4 > MAX_BYTES or end + 4 > len(view):
            return 0
    start = seed(epoch, slot, full_seq(base, view))
    if crc32(view[:end], start) != struct.unpack_from("<I", view, end)[0]:
        return 0
    return padded(kind, view[3])


def pack_mark(acked: int, boot: int, lost: int, first: int = 0) -> bytes:
    """State that every mark carries: acknowledged watermark, boot number and, where it says more
    than the watermark, the last sequence counted as lost. A LOSS adds the first of its range."""
    if first:
        return struct.pack("<IIII", acked, boot, lost, first)
    if lost > acked:
        return struct.pack("<III", acked, boot, lost)
    return struct.pack("<II", acked, boot)


def unpack_mark(payload: bytes) -> tuple:
    """`(acked, boot, lost)` of a mark; ValueError when it is too short."""
    if len(payload) < 8:
        raise ValueError("mark cut short")
    acked, boot = struct.unpack_from("<II", payload, 0)
    lost = struct.unpack_from("<I", payload, 8)[0] if len(payload) >= 12 else 0
    return acked, boot, lost


def unpack_loss(payload: bytes) -> tuple:
    """`(first, last)` sequence of a LOSS record; ValueError when it is too short."""
    if len(payload) < 16:
        raise ValueError("loss record cut short")
    last, first = struct.unpack_from("<II", payload, 8)
    return first, last
