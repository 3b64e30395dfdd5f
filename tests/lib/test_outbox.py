"""The outbox: pieces become one packet, and a packet that is too long is none at all."""

from lib.outbox import Outbox


def test_pieces_become_one_packet():
    box = Outbox(8)
    box.write(b"ab")
    box.write(bytearray(b"cdef"), 3)
    assert bytes(box.packet()) == b"abcde"
    box.clear()
    box.write(b"12345678")
    assert bytes(box.packet()) == b"12345678"


def test_too_long_is_no_packet_and_does_not_spoil_the_next():
    box = Outbox(4)
    box.write(b"abc")
    box.write(b"de")
    assert box.packet() is None
    box.write(b"f")
    assert box.packet() is None
    box.clear()
    box.write(b"gh")
    assert bytes(box.packet()) == b"gh"
