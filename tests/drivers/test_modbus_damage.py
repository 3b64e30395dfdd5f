"""A damaged answer is asked for again, and a whole one is found in whatever stands around it."""

from tests.drivers import damage
from tests.drivers.meter import (
    TURNAROUND_US,
    answer,
    bench,
    counters,
    first_then_good,
    framed,
    good,
    read,
)
from tests.drivers.wire import modbus

BOTH_VMS = True
HEAP_KIB = 1024  # the scripted line takes more than the driver


def refused_once(first):
    """The bytes `first(request)` are no answer: the master asks again, and counts."""
    master, uart = bench({1: first_then_good(lambda request: [(TURNAROUND_US, first(request))])})
    assert read(master) == [72, 73]
    assert counters(master) == (2, 1, 0, 0, 1)


def taken_at_once(heard, **options):
    """The answer is found in the bytes `heard(request)`."""
    master, uart = bench({1: lambda request: [(TURNAROUND_US, heard(request))]}, **options)
    assert read(master) == [72, 73]
    assert counters(master) == (1, 1, 0, 0, 0)


def test_every_truncation():
    for length in range(1, 9):
        refused_once(lambda request, n=length: answer(request)[:n])
        refused_once(lambda request, n=length: answer(request)[9 - n :])


def test_every_flipped_bit():
    for bit in range(72):

        def flipped(request, bit=bit):
            data = bytearray(answer(request))
            data[bit // 8] ^= 1 << bit % 8
            return data

        refused_once(flipped)


def test_noise_in_the_answer():
    # A byte too many at any place; before the first or after the last it would do no harm.
    for place in range(1, 9):
        for noise in (b"\xff", b"\x00", b"\x10\x20\x30"):
            refused_once(
                lambda request, at=place, noise=noise: (
                    answer(request)[:at] + noise + answer(request)[at:]
                )
            )


def test_noise_after_the_answer_is_gone_before_the_next():
    for noise in (b"\xff", b"\x00\x00\x00", b"\x01\x04\x04\x00", bytes(40)):
        slave = first_then_good(lambda request, n=noise: [(TURNAROUND_US, answer(request) + n)])
        master, uart = bench({1: slave})
        assert read(master) == [72, 73]
        assert read(master, 1, 0) == [0, 1]
        assert uart.shortest_gap_us >= 3646
        assert counters(master) == (2, 2, 0, 0, 0)


def test_swapped_words():
    refused_once(lambda request: damage.swapped(answer(request), 0, 1))


def test_answers_to_something_else():
    # Whole frames with a right CRC: of another slave, function or length, and other refusals.
    words = b"\x00\x00\x00\x07"
    for head in (
        b"\x02\x04\x04" + words,
        b"\x01\x03\x04" + words,
        b"\x01\x04\x02\x00\x07",
        b"\x01\x04\x06\x00\x00" + words,
        b"\x01\x04\x05" + words,
        b"\x01\x83\x02",
        b"\x02\x84\x02",
    ):
        refused_once(lambda request, head=head: framed(head))
        taken_at_once(lambda request, head=head: framed(head) + answer(request))


def test_another_slave_answers_first():
    # Slave 2 takes the request for its own; the one that was asked speaks after it.
    def both(request):
        other = framed(b"\x02" + answer(request, 5)[1:-2])
        return [(TURNAROUND_US, other), (20000, answer(request))]

    master, uart = bench({1: both})
    assert read(master) == [72, 73]
    assert counters(master) == (1, 1, 0, 0, 0)


def test_two_slaves_at_once():
    # Where they differ the line carries zeros: the stronger driver wins.
    def collision(request):
        other = answer(request, 300)
        return bytes(a & b for a, b in zip(answer(request), other))  # noqa: B905

    refused_once(collision)


def test_a_slave_at_another_speed():
    for bps in (1200, 2400, 4800, 14400, 19200, 38400, 115200):
        slave = first_then_good(
            lambda request, bps=bps: [(TURNAROUND_US, damage.misheard(answer(request), bps, 9600))]
        )
        master, uart = bench({1: slave})
        assert read(master) == [72, 73], bps


def test_echo_with_noise():
    # The echo is not at the beginning: nothing but its CRC tells it from an answer.
    for noise in (b"\xff", b"\x00\x00", b"\x01\x04"):
        taken_at_once(lambda request, noise=noise: noise + bytes(request) + answer(request))


def test_damaged_echo_is_no_answer():
    def damaged(request):
        return bytes((request[0] ^ 0x10,)) + request[1:]

    taken_at_once(lambda request: damaged(request) + answer(request))
    master, uart = bench({1: lambda request: [(-8334, damaged(request))]}, retries=0)
    assert isinstance(read(master), modbus.ModbusTimeout)
    assert counters(master) == (1, 0, 0, 0, 1)


def test_one_bad_answer_is_no_silence():
    # The slave is believed alive: it is not left alone after a failure in between.
    master, uart = bench({1: first_then_good(lambda request: [(TURNAROUND_US, b"\x00" * 9)])})
    read(master)
    assert not master.state(1).backoff_ms
    assert read(master, 1, 0) == [0, 1]
    assert good(uart.sent[-1][2])
