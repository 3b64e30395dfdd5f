"""CRC-16 against published vectors, and every single flipped bit of a frame is noticed."""

from lib.crc16 import crc16

# Frames that other projects print, CRC included: request, answer, exception, write.
FRAMES = (
    "0104004800 0471df",
    "0104044366 33341b38",
    "0103043f80 0000f7cf",
    "01900 18dc0",
    "5f030000000f08b0",
    "f80600020001fda3",
    "010414 08d1006c000000f4 00000026000001f400640000 5134",
    "042b0e01810001 010006666f6f626172 d73b",
)


def frame(text):
    return bytes.fromhex(text.replace(" ", ""))


def test_check_value():
    assert crc16(b"123456789", 9) == 0x4B37


def test_empty():
    assert crc16(b"", 0) == 0xFFFF


def test_published_frames():
    for text in FRAMES:
        data = frame(text)
        end = len(data)
        assert crc16(data, end) == 0, text
        assert crc16(data, end - 2) == data[-2] | data[-1] << 8, text


def test_part_of_a_buffer():
    data = frame(FRAMES[0])
    assert crc16(b"\xff\x00" + data + b"\x55", 2 + len(data), 2) == 0


def test_every_flipped_bit_is_noticed():
    data = bytearray(frame(FRAMES[6]))
    for bit in range(8 * len(data)):
        data[bit // 8] ^= 1 << bit % 8
        assert crc16(data, len(data)) != 0
        data[bit // 8] ^= 1 << bit % 8


def test_printed_with_a_foreign_crc_is_refused():
    # Eastron's own manual (SDM120 v2.4) prints this example with another frame's CRC.
    data = frame("010300000014c40b")
    assert crc16(data, 6) == 0xC545  # "45 c5" on the wire
    assert crc16(data, 8) != 0
