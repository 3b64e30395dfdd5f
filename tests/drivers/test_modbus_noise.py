"""The Modbus master is not fooled by what else is on the line."""

from tests.drivers.meter import (
    TURNAROUND_US,
    answer,
    bench,
    counters,
    first_then_good,
    framed,
    good,
    read,
    saying,
)
from tests.drivers.wire import CLOCK, modbus

BOTH_VMS = True
HEAP_KIB = 1024  # the scripted line takes more than the driver


def test_noise_before_the_answer():
    for noise in (b"\xff", b"\x00\x00\x00", b"\x01\x04", b"\x01\x04\x04\x01\x04", b"\x01\x84"):
        master, uart = bench({1: saying(TURNAROUND_US, noise)})
        assert read(master) == [72, 73], noise
        assert counters(master) == (1, 1, 0, 0, 0)


def test_glitch_long_before_the_answer():
    master, uart = bench({1: lambda request: [(100, b"\xff"), (150000, answer(request))]})
    assert read(master) == [72, 73]
    assert len(uart.sent) == 1


def test_echo_of_the_request():
    master, uart = bench({1: good}, echo=True)
    assert read(master) == [72, 73]
    assert counters(master) == (1, 1, 0, 0, 0)
    uart.slaves.clear()
    read(master)
    assert counters(master) == (4, 1, 0, 3, 0)  # silence, although the echo was heard


def test_damaged_answers_are_asked_again():
    def flipped(request):
        data = bytearray(answer(request))
        data[4] ^= 1
        return [(TURNAROUND_US, data)]

    def truncated(request):
        return [(TURNAROUND_US, answer(request)[:-1])]

    def foreign(request):
        return [(TURNAROUND_US, framed(b"\x02\x04\x04\x00\x00\x00\x07"))]

    for first in (flipped, truncated, foreign):
        master, uart = bench({1: first_then_good(first)})
        assert read(master) == [72, 73]
        assert counters(master) == (2, 1, 0, 0, 1), first


def test_pause_inside_the_answer():
    def hesitant(request):
        data = answer(request)
        return [(TURNAROUND_US, data[:4]), (60000, data[4:])]

    master, uart = bench({1: hesitant})
    assert read(master) == [72, 73]


def test_babbling_line_holds_nobody_for_ever():
    master, uart = bench({1: good})
    uart.say(CLOCK.now_us, b"\x55" * 5000)
    begin_us = CLOCK.now_us
    assert isinstance(read(master), modbus.ModbusTimeout)
    assert CLOCK.now_us - begin_us < 2800000
    assert counters(master) == (3, 0, 0, 0, 3)
