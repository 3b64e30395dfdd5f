"""A sample of `make fuzz`: a slave that nearly always lies, and the driver believes nothing that
its CRC can refuse.
"""

import sys

from tests.drivers import liar
from tests.drivers.interview import interview

BOTH_VMS = True
HEAP_KIB = 1024  # the scripted line takes more than the driver
ANSWERS = 20_000 if sys.implementation.name == "cpython" else 2000


def test_nothing_wrong_is_believed():
    tally = interview(20261124, ANSWERS)
    assert not tally.faults, tally.faults[:5]
    assert tally.answers >= ANSWERS
    assert tally.wrong <= 3  # one in a hundred thousand passes by chance
    # Neither deaf nor lucky: a third of the answers hold the truth, most of the others tempt.
    assert tally.right > ANSWERS / 4
    assert tally.refused > ANSWERS / 4
    assert 0.4 < tally.expected_wrong * 65536 / ANSWERS < 0.9


def test_what_may_pass_is_counted():
    request = b"\x01\x04\x02\x00\x00\x01\xaa\xbb"  # its own first bytes could be an answer
    frame = b"\x01\x04\x02\x12\x34\x56\x78"
    for heard, places in (
        (frame, 0),
        (frame + frame[:3] + b"1234", 0),  # the true one comes first
        (frame[:-1], 0),
        (frame[:-1] + b"\x00", 1),
        (frame[:3] + frame, 1),
        (frame[:3] + b"12" + frame[:3] + frame, 2),
        (request + frame, 0),  # a pure echo is known
        (b"\xff" + request + frame, 1),
    ):
        assert liar.places(heard, request, frame) == places, heard
