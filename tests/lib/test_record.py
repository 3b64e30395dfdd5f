"""Records: a fixed vector, every length, every flipped bit, and that place and time count."""

import struct
from binascii import crc32

from lib import record

EPOCH = 77
SLOT = 9
SEQ = 0x12345


def _pack(payload, kind=record.EVENT, anchor=3):
    buf = bytearray(b"\xa5" * record.MAX_BYTES)
    start = record.seed(EPOCH, SLOT, SEQ)
    return buf[: record.pack_into(buf, kind, anchor, SEQ, payload, start)]


def _check(raw, epoch=EPOCH, slot=SLOT, base=SEQ - 100):
    return record.check(memoryview(raw), epoch, slot, base)


def test_known_bytes():
    crc = crc32(b"\x11\x45\x03\x03abc", (77 * 256 + 9) ^ 0x123)
    assert bytes(_pack(b"abc")) == b"\x11\x45\x03\x03abc" + struct.pack("<I", crc) + bytes(5)


def test_a_compact_record_is_one_block_without_a_length():
    for kind in (0x80, 0xB5, 0xFE):
        raw = _pack(b"nine byte", kind)
        assert bytes(raw[:12]) == bytes((kind, 0x45, 3)) + b"nine byte"
        assert len(raw) == _check(raw) == record.padded(kind, 9) == 16
        assert bytes(record.payload(memoryview(raw))) == b"nine byte"
        for bit in range(128):
            bad = bytearray(raw)
            bad[bit // 8] ^= 1 << bit % 8
            assert _check(bad) == 0


def test_what_can_be_a_record():
    for kind in (1, 0x10, 0x7F):
        assert record.is_storable(kind, 0) and record.is_storable(kind, 120)
        assert not record.is_storable(kind, 121)
    for kind in (0x80, 0xFE):
        assert record.is_storable(kind, 9)
        assert not record.is_storable(kind, 8) and not record.is_storable(kind, 10)
    assert not record.is_storable(0, 0) and not record.is_storable(0xFF, 9)


def test_every_length_comes_back_padded_with_zeros():
    for length in range(record.MAX_PAYLOAD + 1):
        raw = _pack(bytes(range(length)))
        assert len(raw) == record.padded(record.EVENT, length) and len(raw) % 16 == 0
        assert _check(raw) == len(raw)
        assert raw[8 + length :] == bytes(len(raw) - 8 - length)
        assert record.full_seq(SEQ - 100, raw) == SEQ
        assert bytes(record.payload(memoryview(raw))) == bytes(range(length))


def test_every_flipped_bit_and_every_truncation_is_noticed():
    raw = _pack(b"an interval of an hour")
    for bit in range((len(b"an interval of an hour") + 8) * 8):
        bad = bytearray(raw)
        bad[bit // 8] ^= 1 << bit % 8
        assert _check(bad) == 0
    for end in range(30):
        assert _check(raw[:end]) == 0


def test_a_record_counts_only_where_and_when_it_was_written():
    raw = _pack(b"payload")
    assert _check(raw, epoch=EPOCH + 1) == 0
    assert _check(raw, slot=SLOT + 1) == 0
    assert _check(raw, base=SEQ + 1) == 0
    assert _check(raw, base=SEQ - 255) and _check(raw, base=SEQ)


def test_blank_and_zero_flash_hold_no_record():
    assert _check(b"\xff" * 128) == 0
    assert _check(bytes(128)) == 0


def test_marks_say_the_loss_only_when_it_says_more():
    assert record.unpack_mark(record.pack_mark(50, 3, 40)) == (50, 3, 0)
    assert record.unpack_mark(record.pack_mark(50, 3, 60)) == (50, 3, 60)
    assert record.padded(record.ACK, len(record.pack_mark(50, 3, 40))) == 16
    lost = record.pack_mark(50, 3, 60, 51)
    assert record.unpack_mark(lost) == (50, 3, 60)
    assert record.unpack_loss(lost) == (51, 60)
    assert record.padded(record.LOSS, len(lost)) == record.MARK_MAX_BYTES
