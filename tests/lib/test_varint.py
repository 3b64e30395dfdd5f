"""Varints: known bytes, every width, and what is cut short."""

from lib import varint


def test_known_bytes():
    for value, text in ((0, b"\x00"), (127, b"\x7f"), (128, b"\x80\x01"), (300, b"\xac\x02")):
        buf = bytearray(4)
        end = varint.put(buf, 0, value)
        assert bytes(buf[:end]) == text
        assert varint.get(text, 0) == (value, end)


def test_every_width_comes_back():
    buf = bytearray(12)
    for bits in range(64):
        for value in ((1 << bits) - 1, 1 << bits):
            end = varint.put(buf, 1, value)
            assert end == 1 + varint.size(value)
            assert varint.get(buf, 1) == (value, end)


def test_what_is_wrong_is_refused():
    for raw in (b"", b"\x80", b"\xff\xff", b"\xff" * 12):
        assert _refused(varint.get, raw, 0), raw
    assert _refused(varint.put, bytearray(4), 0, -1)


def _refused(function, *arguments):
    try:
        function(*arguments)
    except ValueError:
        return True
    return False
