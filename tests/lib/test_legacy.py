"""What one life leaves to the next in RTC memory: believed as far as it can be true."""

import struct
from binascii import crc32

from lib import legacy

T0_MS = 1772409600000
POWER_ON, HARD, WATCHDOG, SOFT = 1, 2, 3, 5  # machine.reset_cause()
STARVED, REBOOT = 1, 2
DAY_S = 86400
STAMP_S = 3000000  # by the chip's own clock


def memory(
    clock_s, asked=0, uptime_s=30 * DAY_S, unix_ms=T0_MS, doubt_ms=1000, safemode=b"PKB\x01\xfe"
):
    """RTC memory with a stamp that was made when the chip's clock said `clock_s`."""
    data = struct.pack(legacy.FORMAT, asked, 7, uptime_s, clock_s, unix_ms, doubt_ms, -12)
    return safemode + data + struct.pack("<I", crc32(data))


def read(before, cause, passed_s):
    """What is read of it, when the chip's clock has gone on by `passed_s`."""
    return legacy.read(before, cause, memory(STAMP_S + passed_s, uptime_s=0, unix_ms=0))


def told(before, cause, passed_s):
    """(by how many ms UTC has gone on, its doubt in ms), None when it is not known."""
    _, _, _, unix_ms, doubt_ms, _ = read(before, cause, passed_s)
    return (unix_ms - T0_MS, doubt_ms) if unix_ms else None


def test_what_is_left_is_there_again():
    assert read(memory(STAMP_S, REBOOT), HARD, 1) == (REBOOT, 7, 30 * DAY_S, T0_MS, 4000, -12)


def test_a_flipped_bit_is_as_none():
    whole = memory(STAMP_S)
    assert read(whole, HARD, 1)
    for place in range(5, len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            assert read(bytes(damaged), HARD, 1) is None, (place, bit)


def test_a_memory_that_is_short_or_empty_is_as_none():
    whole = memory(STAMP_S)
    for length in range(len(whole)):
        assert read(whole[:length], HARD, 1) is None
    assert read(bytes(2048), HARD, 1) is None


def test_what_lies_behind_is_not_its_own():
    # lib/parked.py
    assert read(memory(STAMP_S, REBOOT) + b"1234{}", HARD, 1) == read(
        memory(STAMP_S, REBOOT), HARD, 1
    )


def test_a_clock_that_began_anew_is_a_loss_of_power():
    # The memory's cells have outlived a moment without power; nothing else has.
    assert read(memory(STAMP_S, uptime_s=STAMP_S), POWER_ON, -STAMP_S) is None
    assert read(memory(STAMP_S, uptime_s=100), POWER_ON, -STAMP_S) is None


def test_after_a_crash_it_is_the_time_of_the_stamp_and_some_seconds():
    # A month's error of the chip's clock is days: it narrows nothing.
    for cause in (HARD, POWER_ON):
        for leap_s in (-40000, 0, 40000):
            assert told(memory(STAMP_S), cause, leap_s) == (0, 26000)


def test_after_a_short_life_the_chips_clock_says_it_more_exactly():
    assert told(memory(STAMP_S, uptime_s=60), HARD, 10) == (5000, 11000)
    assert told(memory(STAMP_S, uptime_s=60), HARD, 1) == (0, 7000)


def test_the_watchdog_bites_at_a_known_moment():
    for leap_s in (-40000, 40000):
        assert told(memory(STAMP_S), WATCHDOG, leap_s) == (180000, 6000)
    # starved on purpose, the firmware went on stamping
    assert told(memory(STAMP_S, STARVED), WATCHDOG, 0) == (0, 26000)


def test_a_restart_in_good_order_hands_the_clock_over():
    assert told(memory(STAMP_S, REBOOT), HARD, 3) == (1000, 5000)
    # Ctrl-D at the console, after a while there
    assert told(memory(STAMP_S), SOFT, 100) == (98000, 5000)


def test_what_cannot_be_leaves_the_time_unknown():
    # Two hours in which no watchdog bit: whoever was there, it was not this firmware.
    assert told(memory(STAMP_S, REBOOT), HARD, 7200) is None
    assert told(memory(STAMP_S), SOFT, 7200) is None
    assert told(memory(STAMP_S, uptime_s=600), HARD, 7200) is None
    assert told(memory(STAMP_S, unix_ms=0), HARD, 1) is None
    assert read(memory(STAMP_S, unix_ms=0), HARD, 1)[2] == 30 * DAY_S


def test_it_goes_on_after_2034_and_2038():
    late_ms = 2200000000000
    _, _, _, unix_ms, _, _ = read(memory(STAMP_S, unix_ms=late_ms), WATCHDOG, 0)
    assert unix_ms == late_ms + 180000
