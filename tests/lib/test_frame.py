"""Frames: the promised size, round trips, times told by the boundary before, what is no frame."""

from lib import frame, record
from lib.quality import CLOCK_MOVED, DST, MISSING, PARTIAL

START_S = 1772323200  # 2026-03-01 00:00 UTC
HOUR_S = 3600


def test_four_good_hourly_channels_fit_one_block():
    for flags in (0, DST):
        for deltas in ([16383] * 4, [0] * 4, [1500, 0, 250, 1200]):
            kind, payload = frame.pack(START_S, HOUR_S, deltas, [flags] * 4, START_S)
            assert record.padded(kind, len(payload)) == 16


def test_others_fit_two_blocks():
    for deltas, quality in (([9999999, 2000000, 16383, 16383], PARTIAL), ([16384, 0, 0, 0], 0)):
        kind, payload = frame.pack(START_S, HOUR_S, deltas, [quality] * 4, START_S)
        assert kind == record.FRAME and record.padded(kind, len(payload)) == 32


def test_known_bytes():
    # By JOURNAL.md: 54000 hours after 2020-01-01; 14 bits a channel.
    start_s = frame.EPOCH_UNIX_S + 54000 * HOUR_S
    kind, payload = frame.pack(start_s, HOUR_S, [1, 2, 3, 16383], [0] * 4, start_s)
    assert kind == 0xB5
    packed = 1 | 2 << 14 | 3 << 28 | 16383 << 42
    assert payload == b"\xf0\xd2" + packed.to_bytes(7, "little")


def test_round_trips():
    for period_s in frame.PERIODS_S:
        for deltas in ([], [0], [0, 127, 128, 1 << 40], [5] * 20, [127] * 8, [1 << 55]):
            for flags in (0, DST, PARTIAL, PARTIAL | CLOCK_MOVED | DST):
                for boundary_s in (0, START_S):
                    _round_trip(START_S, period_s, deltas, [flags] * len(deltas), boundary_s)


def test_every_width_holds_its_largest_value():
    for channels in range(1, 9):
        top = (1 << 56 // channels) - 1
        for place in range(channels):
            deltas = [0] * channels
            deltas[place] = top
            assert _round_trip(START_S, 900, deltas, [0] * channels, START_S) >= record.COMPACT
            deltas[place] = top + 1
            assert _round_trip(START_S, 900, deltas, [0] * channels, START_S) == record.FRAME


def test_missing_values_and_unlike_qualities():
    _round_trip(START_S, HOUR_S, [512, None, 3, 12], [0, MISSING, PARTIAL, 0], START_S)
    _round_trip(START_S, 900, [None, None], [MISSING, MISSING | PARTIAL], START_S)
    _round_trip(START_S, 900, [7, 8], [DST, 0], START_S)


def test_the_boundary_before_tells_the_time_up_to_years_away():
    # A compact record has 16 bits of its number: 3.7 years of hours to both sides, whether the
    # boundary known is the one before, or an earlier one since records between are damaged.
    for hours in (0, 1, 300, 32767, -1, -300, -32768):
        start_s = START_S + hours * HOUR_S
        assert _round_trip(start_s, HOUR_S, [5, 6], [0, 0], START_S) >= record.COMPACT
    for hours in (32768, -32769):
        start_s = START_S + hours * HOUR_S
        assert _round_trip(start_s, HOUR_S, [5, 6], [0, 0], START_S) == record.FRAME
    # an interval of another period does not end where the next one can begin
    _round_trip(START_S, HOUR_S, [5], [0], START_S + 900)


def test_hours_since_the_boot_are_no_hours_of_utc():
    # Before the time is known: never compact, and told apart from the same number of UTC.
    for deltas, flags in (([5, 6], [4, 4]), ([0, None], [5, 4 | MISSING])):
        for start_s in (0, 3600, 3600 * 24 * 365):
            kind, payload = frame.pack(start_s, HOUR_S, deltas, flags, None)
            assert kind == record.FRAME
            found = frame.unpack(kind, payload, START_S)
            assert found.since_boot and found.end_s() == 0
            assert (found.start_s, found.deltas, found.qualities) == (start_s, deltas, flags)
    kind, payload = frame.pack(START_S, HOUR_S, [5], [4], 0)
    assert frame.unpack(kind, payload, 0).end_s() == START_S + HOUR_S


def test_range_of_the_interval_number():
    _round_trip(frame.EPOCH_UNIX_S, 900, [1], [0], 0)
    _round_trip(frame.EPOCH_UNIX_S + 900 * ((1 << 24) - 1), 900, [1], [0], 0)


def test_what_cannot_be_packed():
    assert _refused(frame.pack, START_S + 1, 3600, [1], [0])
    assert _refused(frame.pack, START_S, 7, [1], [0])
    assert _refused(frame.pack, frame.EPOCH_UNIX_S - 3600, 3600, [1], [0])
    assert _refused(frame.pack, START_S, 3600, [None], [0])
    assert _refused(frame.pack, START_S, 3600, [1], [MISSING])
    assert _refused(frame.pack, START_S, 3600, [-1], [0])
    assert _refused(frame.pack, START_S, 3600, [-1], [0], START_S)


def test_every_truncation_is_refused_or_shorter():
    kind, packed = frame.pack(START_S, 3600, [512, 300, 70000], [0, PARTIAL, 0])
    for end in range(len(packed)):
        try:
            assert len(frame.unpack(kind, packed[:end], 0).deltas) < 3
        except (ValueError, IndexError):
            pass
    assert _refused(frame.unpack, kind, b"\x0f" + packed[1:], 0)
    assert _refused(frame.unpack, record.COMPACT | 6, bytes(9), START_S)


def _round_trip(start_s, period_s, deltas, qualities, boundary_s):
    kind, payload = frame.pack(start_s, period_s, deltas, qualities, boundary_s)
    assert frame.is_frame(kind) and record.is_storable(kind, len(payload))
    found = frame.unpack(kind, memoryview(payload), boundary_s)
    assert (found.start_s, found.period_s) == (start_s, period_s)
    assert (found.deltas, found.qualities) == (deltas, qualities)
    return kind


def _refused(function, *arguments):
    try:
        function(*arguments)
    except ValueError:
        return True
    return False
