"""The registers record: what every sector of the journal begins with."""

from lib import registers
from lib.registers import Registers


def test_what_is_packed_comes_back():
    kept = Registers(1772409600, [4321900, None, 0, 2**40], [12, 0, 3, 99], [-7, 0, 0, 2**40])
    back = registers.unpack(kept.pack())
    assert back.boundary_s == 1772409600
    assert back.boundaries == [4321900, None, 0, 2**40]
    assert back.sinces == [12, 0, 3, 99]
    assert back.carries == [-7, 0, 0, 2**40]
    assert back.read_s == [None] * 4


def test_never_read_is_not_zero():
    # A meter that was silent since installation has no register; that must survive as "none", not
    # as 0.
    unread = registers.unpack(Registers(0, [None], [0], [0]).pack())
    zero = registers.unpack(Registers(0, [0], [0], [0]).pack())
    assert unread.boundaries == [None]
    assert zero.boundaries == [0]


def test_closing_moves_the_boundary_and_leaves_missing_channels_open():
    kept = Registers(0, [100, 200], [5, 7], [0, 0])
    kept.close(3600, [9, None])
    assert kept.boundaries == [109, 200]
    assert kept.sinces == [0, 7]
    assert kept.boundary_s == 3600
    assert kept.read_s == [3600, None]


def test_every_truncation_is_refused():
    packed = Registers(1772409600, [4321900, 200], [12, 300], [0, 0]).pack()
    for length in range(len(packed)):
        try:
            registers.unpack(packed[:length])
        except ValueError:
            continue
        raise AssertionError("accepted %d of %d bytes" % (length, len(packed)))


def test_eight_channels_fit_a_record():
    payload = Registers(0xFFFFFFFF, [2**42] * 8, [2**20] * 8, [0] * 8).pack()
    assert len(payload) <= 120


def test_a_checkpoint_moves_what_came_since_and_fits_one_block():
    kept = Registers(1772409600, [4321900, None, 10, 98760], [0, 0, 0, 0], [5, 0, 0, -3])
    payload = kept.checkpoint([1500, 0, 12, 900], [5, 0, 0, -3])
    kept.advance(payload)
    assert kept.sinces == [1500, 0, 12, 900]
    assert kept.boundaries == [4321900, None, 10, 98760]
    assert len(payload) + 8 <= 16
    for length in range(len(payload)):
        try:
            kept.advance(payload[:length])
        except ValueError:
            assert kept.sinces == [1500, 0, 12, 900]
            continue
        raise AssertionError("accepted %d bytes" % length)


def test_a_checkpoint_moves_what_is_carried_and_still_fits_one_block():
    kept = Registers(1772409600, [4321900, None, 10, 98760], [0, 0, 0, 0], [10**12, 0, 0, -3])
    payload = kept.checkpoint([1500, 0, 12, 90], [10**12, 0, 7, -1])
    kept.advance(payload)
    assert kept.sinces == [1500, 0, 12, 90]
    assert kept.carries == [10**12, 0, 7, -1]
    assert len(payload) <= 9
