"""Frames: the promised size, round trips, what is not a frame."""

from lib import frame, record
from lib.quality import CLOCK_MOVED, DST, MISSING, PARTIAL

START_S = 1772323200  # 2026-03-01 00:00 UTC


def test_four_hourly_channels_fit_a_small_record():
    packed = frame.pack(START_S, 65535, 3600, [9999999, 2000000, 16383, 16383], [PARTIAL] * 4)
    assert record.padded(len(packed)) == 32


def test_round_trips():
    for period_s in frame.PERIODS_S:
        for deltas in ([], [0], [0, 127, 128, 1 << 40], [5] * 20):
            for flags in (0, PARTIAL, PARTIAL | CLOCK_MOVED | DST):
                _round_trip(START_S, 7, period_s, deltas, [flags] * len(deltas))


def test_missing_values_and_unlike_qualities():
    _round_trip(START_S, 1, 3600, [512, None, 3, 12], [0, MISSING, PARTIAL, 0])
    _round_trip(START_S, 1, 900, [None, None], [MISSING, MISSING | PARTIAL])


def test_range_of_the_interval_number():
    _round_trip(frame.EPOCH_UNIX_S, 1, 900, [1], [0])
    _round_trip(frame.EPOCH_UNIX_S + 900 * ((1 << 24) - 1), 1, 900, [1], [0])


def test_what_cannot_be_packed():
    assert _refused(frame.pack, START_S + 1, 1, 3600, [1], [0])
    assert _refused(frame.pack, START_S, 1, 7, [1], [0])
    assert _refused(frame.pack, frame.EPOCH_UNIX_S - 3600, 1, 3600, [1], [0])
    assert _refused(frame.pack, START_S, 1, 3600, [None], [0])
    assert _refused(frame.pack, START_S, 1, 3600, [1], [MISSING])
    assert _refused(frame.pack, START_S, 1, 3600, [-1], [0])


def test_every_truncation_is_refused_or_shorter():
    packed = frame.pack(START_S, 7, 3600, [512, 300, 70000], [0, PARTIAL, 0])
    for end in range(len(packed)):
        try:
            assert len(frame.unpack(packed[:end]).deltas) < 3
        except (ValueError, IndexError):
            pass
    assert _refused(frame.unpack, b"\x0f" + packed[1:])


def _round_trip(start_s, boot, period_s, deltas, qualities):
    found = frame.unpack(memoryview(frame.pack(start_s, boot, period_s, deltas, qualities)))
    assert (found.start_s, found.boot, found.period_s) == (start_s, boot, period_s)
    assert (found.deltas, found.qualities) == (deltas, qualities)


def _refused(function, *arguments):
    try:
        function(*arguments)
    except ValueError:
        return True
    return False
