"""The head-end's books in time: hours that were told without one, days that are checked, and a
clock that was set back.
"""

import json

import pytest

from tests.tools.deliveries import HOUR_S, START_S, day_closed, events, fed, intervals, water
from tests.vm import FIRMWARE
from tools.headend.messages import MessageError, parse
from tools.headend.rates import rates
from tools.headend.tariffs import load_schedules


def hours(after, upto, seqs, channels, since_boot=0, boot=7) -> tuple[str, bytes]:
    """Intervals of a boot that does not know the time yet."""
    message = json.loads(intervals(after, upto, seqs, channels, boot=boot))
    del message["start"]
    return "intervals", json.dumps(message | {"since_boot": since_boot}).encode()


def clock_set(after, seq, time_s, uptime_s, moved_s=0) -> tuple[str, bytes]:
    """The collector tells that its clock was set."""
    detail = {"moved_s": moved_s, "source": 0, "uptime_s": uptime_s}
    message = json.loads(events(after, seq, (seq, "clock_set", detail)))
    message["events"][0]["time"] = time_s
    return "events", json.dumps(message).encode()


def closed(after, seq, litres) -> tuple[str, bytes]:
    return "events", events(after, seq, (seq, *day_closed(litres)))


def test_hours_since_a_boot_get_their_time_when_it_is_told():
    told = hours(0, 2, [1, 2], water(100, 5, 6, quality=[5, 4]))
    ledger = fed(told)
    assert [row.start_s for row in ledger.rows("h1", "water")] == [None, None]
    assert ledger.interval_series("h1", "water") == []
    assert ledger.books("h1").channels["water"].timeless == 2
    ledger = fed(told, clock_set(2, 3, START_S, 2 * HOUR_S + 40))
    first_s = START_S - 2 * HOUR_S - 40
    assert ledger.interval_series("h1", "water") == [(first_s, 5, 5), (first_s + HOUR_S, 6, 4)]
    books = ledger.books("h1")
    assert books.closed and books.channels["water"].consumption == 11
    assert books.channels["water"].timeless == 0


def test_the_time_of_one_boot_says_nothing_of_another():
    ledger = fed(
        hours(0, 1, [1], water(100, 5), boot=6),
        hours(1, 2, [2], water(105, 6), boot=7),
        clock_set(2, 3, START_S, HOUR_S),
    )
    assert [row.start_s for row in ledger.rows("h1", "water")] == [None, START_S - HOUR_S]
    assert ledger.books("h1").channels["water"].consumption == 11


def test_the_same_hours_again_are_doubles():
    told = hours(0, 1, [1], water(100, 5))
    ledger = fed(told, told)
    assert ledger.books("h1").dropped_doubles == 1
    ledger = fed(told, hours(0, 1, [1], water(100, 6)))
    assert ledger.books("h1").conflicts == 1


def test_a_start_and_hours_since_the_boot_exclude_each_other():
    message = json.loads(intervals(0, 1, [1], water(0, 1))) | {"since_boot": 0}
    with pytest.raises(MessageError, match="since_boot"):
        parse("ami/h1/intervals", json.dumps(message).encode())


def test_every_days_intervals_are_held_against_the_registers():
    # The second day's registers have come further than its intervals: five litres are missing,
    # and the day is named.
    first = ("intervals", intervals(0, 1, [1], water(100, 20)))
    second = ("intervals", intervals(2, 3, [3], water(120, 30), start=START_S + HOUR_S))
    ledger = fed(first, closed(1, 2, 120), second, closed(3, 4, 150))
    book = ledger.books("h1").channels["water"]
    assert [day.residual for day in book.days] == [0]
    assert ledger.books("h1").closed
    ledger = fed(first, closed(1, 2, 120), second, closed(3, 4, 155))
    assert [day.residual for day in ledger.books("h1").channels["water"].days] == [5]
    assert not ledger.books("h1").closed


def test_a_clock_that_was_set_back_has_hours_again():
    # Without being told, the same hour again is billed once; told, both count.
    first = ("intervals", intervals(0, 1, [1], water(100, 20)))
    again = ("intervals", intervals(2, 3, [3], water(120, 30)))
    assert fed(first, again).books("h1").doubled == 1
    books = fed(first, clock_set(1, 2, START_S, 9000, -HOUR_S), again).books("h1")
    assert books.doubled == 0 and books.channels["water"].consumption == 50
    # set to a later time, no hour can come again
    later = clock_set(1, 2, START_S + 2 * HOUR_S, 9000)
    assert fed(first, later, again).books("h1").doubled == 1


def test_a_tariff_counts_the_same_intervals_as_the_books():
    # Hours that come again, and one without a time, which belongs to no period.
    ledger = fed(
        ("intervals", intervals(0, 1, [1], water(100, 20))),
        clock_set(1, 2, START_S, 9000, -HOUR_S),
        ("intervals", intervals(2, 3, [3], water(120, 30))),
        hours(3, 4, [4], water(150, 7), boot=8),
    )
    (found,) = rates(ledger, "h1", load_schedules([FIRMWARE / "tariffs" / "e1_tou.json"]))
    assert found.total == ledger.books("h1").channels["water"].consumption == 57
    assert found.apart >= 7
