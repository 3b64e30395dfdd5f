"""The damage is the damage it says: a campaign with dull tools would prove nothing."""

from tests.drivers import damage
from tests.drivers.meter import framed

BOTH_VMS = True
FRAME = framed(b"\x01\x04\x04\x43\x66\x33\x34")


def wrong_bits(damaged):
    return [i for i in range(8 * len(FRAME)) if (damaged[i // 8] ^ FRAME[i // 8]) >> i % 8 & 1]


def test_the_dice_fall_alike_on_both_pythons():
    dice = damage.Dice(1)
    assert [dice.word() for _ in range(3)] == [2347010974, 1973779238, 1061036011]
    assert damage.Dice(2).word() != damage.Dice(1).word()
    drawn = [0] * 6
    for _ in range(6000):
        drawn[dice.below(6)] += 1
    assert all(900 < count < 1100 for count in drawn), drawn


def test_flips_are_as_many_as_asked():
    dice = damage.Dice(2)
    for count in (1, 2, 3, 20):
        assert len(wrong_bits(damage.flipped(dice, FRAME, count))) == count


def test_a_burst_is_as_long_as_asked():
    dice = damage.Dice(3)
    for bits in (2, 9, 16):
        for _ in range(50):
            wrong = wrong_bits(damage.burst(dice, FRAME, bits))
            assert wrong[-1] - wrong[0] == bits - 1


def test_scrambling_spares_the_head():
    dice = damage.Dice(4)
    counts = [len(wrong_bits(damage.scrambled(dice, FRAME, 3))) for _ in range(200)]
    assert 11 < sum(counts) / len(counts) < 13  # of 48
    assert damage.scrambled(dice, FRAME, 3)[:3] == FRAME[:3]


def test_bytes_come_and_go():
    dice = damage.Dice(5)
    for _ in range(50):
        longer = damage.inserted(dice, FRAME, b"\xaa\xbb")
        place = longer.find(b"\xaa\xbb")
        assert 0 < place < len(FRAME)
        assert longer[:place] + longer[place + 2 :] == FRAME
        assert len(FRAME) - 3 <= len(damage.dropped(dice, FRAME)) < len(FRAME)


def test_swapped_words():
    assert damage.swapped(FRAME, 0, 1) == b"\x01\x04\x04\x33\x34\x43\x66" + FRAME[7:]


def test_a_receiver_at_the_right_speed_hears_right():
    assert damage.misheard(FRAME, 9600, 9600) == FRAME
    assert damage.misheard(FRAME, 9700, 9600) == FRAME  # a crystal may be 2 % off
    # A start bit of 4800 bit/s is a start bit and a zero at 9600.
    assert damage.misheard(b"\xff", 4800, 9600) == b"\xfe"
    assert damage.misheard(b"\x00", 4800, 9600) == b"\x00\x80"
    for bps in (1200, 2400, 4800, 19200, 38400):
        assert FRAME not in damage.misheard(FRAME, bps, 9600)
