"""When the open intervals of all channels end, by which clock; and that they do so together."""

from lib import quality
from lib.intervals import Intervals

HOUR = 3600
T0 = 1772323200  # an aligned hour: 2026-03-01 00:00 UTC


def read(intervals, at_s, *registers):
    for channel, register in zip(intervals.channels, registers):
        channel.reading(register, at_s)


def close(intervals):
    """(delta, quality) of each channel, and go on to the next hour."""
    deltas, flags = intervals.close()
    intervals.advance(None, 0)
    return list(zip(deltas, flags))


def test_before_the_time_is_known_hours_are_counted_from_the_boot():
    intervals = Intervals(2, HOUR)
    assert (intervals.start_s, intervals.next_s) == (0, HOUR)
    read(intervals, 5, 100, 7)
    assert not intervals.is_due(HOUR - 1)
    read(intervals, HOUR, 140, 8)
    assert intervals.is_due(HOUR)
    assert close(intervals) == [(40, quality.PARTIAL), (1, quality.PARTIAL)]
    assert (intervals.start_s, intervals.next_s) == (HOUR, 2 * HOUR)


def test_the_time_becomes_known_in_the_hour_in_which_the_open_ones_began():
    # Booted at 00:20, known at 00:21: the hour ends at 01:00, as every other.
    intervals = Intervals(1, HOUR)
    read(intervals, 50, 100)
    intervals.time_known(T0 + 1260, 60, 0)
    assert (intervals.start_s, intervals.next_s) == (None, T0 + HOUR)
    read(intervals, T0 + HOUR, 130)
    assert close(intervals) == [(30, quality.PARTIAL)]
    read(intervals, T0 + 2 * HOUR, 135)
    assert close(intervals) == [(5, 0)]


def test_the_time_becomes_known_in_the_next_hour():
    # Booted at 00:20, known at 03:10: the third hour since the boot ends there and then, and from
    # then on hours are UTC's. No second is in two of them.
    intervals = Intervals(1, HOUR)
    read(intervals, 0, 100)
    for hour in (1, 2):
        read(intervals, hour * HOUR, 100 + 10 * hour)
        close(intervals)
    known_s = T0 + 3 * HOUR + 600
    intervals.time_known(known_s, 2 * HOUR + 3000, 0)
    assert intervals.is_due(known_s) and intervals.start_s == 2 * HOUR
    read(intervals, known_s, 128)
    assert intervals.close() == ([8], [quality.PARTIAL])
    intervals.advance(known_s, 0)
    assert (intervals.start_s, intervals.next_s) == (None, T0 + 4 * HOUR)
    read(intervals, T0 + 4 * HOUR, 137)
    assert close(intervals) == [(9, quality.PARTIAL)]


def test_what_was_closed_in_utc_is_not_closed_again():
    # The time that becomes known, or that the clock is set to, lies before the last interval.
    intervals = Intervals(1, HOUR)
    intervals.time_known(T0 + 60, 50, T0 + 5 * HOUR)
    assert intervals.next_s == T0 + 6 * HOUR
    intervals.time_moved(-HOUR, T0 - HOUR + 60, T0 + 5 * HOUR)
    assert intervals.next_s == T0 + 6 * HOUR


def test_a_clock_set_back_by_days_has_its_hours_again():
    # What was closed three days ahead was a mistake of the clock: nobody waits three days for it.
    intervals = Intervals(1, HOUR)
    intervals.time_known(T0 + 72 * HOUR, 0, T0 + 72 * HOUR)
    assert intervals.next_s == T0 + 73 * HOUR
    intervals.time_moved(-72 * HOUR, T0 + 60, T0 + 72 * HOUR)
    assert intervals.next_s == T0 + HOUR
    again = Intervals(1, HOUR)
    again.time_known(T0 + 60, 60, T0 + 72 * HOUR)
    assert again.next_s == T0 + HOUR


def test_one_silent_channel_holds_up_the_others_for_a_while_only():
    # Its last reading is from ten to: until twenty past the next one may tell what it had at one
    # o'clock; what the other channel had then is kept meanwhile.
    intervals = Intervals(2, HOUR)
    intervals.time_known(T0 + 1, 1, 0)
    read(intervals, T0 + 1, 100, 7)
    intervals.channels[0].reading(150, T0 + HOUR - 600)
    for minute in range(21):
        at_s = T0 + HOUR + 60 * minute
        intervals.channels[1].reading(8 + minute, at_s)
        assert not intervals.is_due(at_s)
    intervals.channels[1].reading(99, T0 + HOUR + 1260)
    assert intervals.is_due(T0 + HOUR + 1260)
    partial = quality.PARTIAL
    assert close(intervals) == [(None, partial | quality.MISSING), (1, partial)]


def test_after_a_leap_of_years_only_the_newest_hours_are_closed():
    intervals = Intervals(1, HOUR)
    intervals.time_known(T0 + 1, 1, 0)
    read(intervals, T0 + 1, 100)
    leap_s = 3 * 365 * 86400
    intervals.time_moved(leap_s, T0 + leap_s + 1, 0)
    assert intervals.is_due(T0 + leap_s + 2)
    assert intervals.next_s == T0 + leap_s
    assert close(intervals)[0][0] is not None


def test_what_could_not_be_stored_goes_on_in_every_channel():
    intervals = Intervals(2, HOUR)
    intervals.time_known(T0, 0, 0)
    read(intervals, T0, 100, 7)
    read(intervals, T0 + HOUR, 150, 8)
    intervals.close()
    intervals.reopen()
    intervals.advance(None, 0)
    read(intervals, T0 + 2 * HOUR, 160, 9)
    assert [delta for delta, _ in close(intervals)] == [60, 2]
