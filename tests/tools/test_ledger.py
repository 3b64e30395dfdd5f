"""The receiver's rules: exactly once, whatever order, repetition and batching messages come in."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.deliveries import (
    HOUR_S,
    NOW_S,
    START_S,
    ack,
    events,
    fed,
    intervals,
    status,
    water,
    will,
)
from tools.headend.books import Break
from tools.headend.ledger import Ledger
from tools.headend.report import notes


def test_a_week_of_words():
    # The plain case: two batches and an event; everything adds up and is acknowledged.
    ledger = Ledger()
    first = intervals(0, 4, [1, 2, 4], water(100, 3, 0, 12))
    assert ledger.receive("ami/h1/intervals", first, NOW_S) == ack(4)
    up = events(4, 6, (5, "power_up", {"cause": 1, "damaged": 0, "kept": 0}))
    assert ledger.receive("ami/h1/events", up, NOW_S) == ack(6)
    second = intervals(6, 8, [7, 8], water(115, 1, None), start=START_S + 3 * HOUR_S)
    assert ledger.receive("ami/h1/intervals", second, NOW_S) == ack(8)
    books = ledger.books("h1")
    book = books.channels["water"]
    assert (book.unit, book.intervals, book.missing, book.consumption) == ("L", 4, 1, 16)
    assert (book.first_open, book.last_close, book.residual) == (100, 116, 0)
    assert (books.kept, books.lost, books.doubled, books.dropped_doubles) == (4, 0, 0, 0)
    assert (books.watermark, books.waiting, books.closed) == (8, [], True)
    assert [event.type for event in ledger.events("h1")] == ["power_up"]
    hours = [(START_S + i * HOUR_S, delta) for i, delta in enumerate([3, 0, 12, 1, None])]
    series = ledger.interval_series("h1", "water")
    assert [(start_s, delta) for start_s, delta, _ in series] == hours
    assert series[-1][2] == 8


def test_a_repeat_changes_nothing_but_is_acknowledged_again():
    # The first ack was lost, so the collector sends again: drop the double, repeat the ack.
    message = intervals(0, 2, [1, 2], water(0, 5, 6))
    ledger = fed(("intervals", message))
    assert ledger.receive("ami/h1/intervals", message, NOW_S) == ack(2)
    books = ledger.books("h1")
    assert (books.kept, books.dropped_doubles, books.channels["water"].consumption) == (2, 2, 11)
    assert books.closed and ledger.acks() == ack(2)


def test_beyond_a_hole_nothing_is_acknowledged():
    # Acknowledging 11..20 while 6..10 never came would let the collector overwrite them.
    ledger = Ledger()
    assert ledger.receive("ami/h1/events", events(0, 5), NOW_S) == ack(5)
    assert ledger.receive("ami/h1/events", events(10, 20), NOW_S) == []
    assert ledger.receive("ami/h1/events", events(25, 30), NOW_S) == []
    assert ledger.books("h1").waiting == [(10, 20), (25, 30)] and not ledger.books("h1").closed
    assert notes(ledger.books("h1")) == ["waiting for 6..10", "waiting for 21..25"]
    assert ledger.receive("ami/h1/events", events(5, 12), NOW_S) == ack(20)
    assert ledger.receive("ami/h1/events", events(20, 25), NOW_S) == ack(30)
    assert ledger.books("h1").waiting == []


def test_the_same_hour_under_another_number_is_not_billed_twice():
    # A defect of the collector writes an hour again as a new record: it must not reach the bill.
    first = intervals(0, 1, [1], water(0, 5))
    again = intervals(1, 2, [2], water(0, 5))
    for order in ((first, again), (again, first)):
        books = fed(*(("intervals", message) for message in order)).books("h1")
        book = books.channels["water"]
        assert (books.doubled, books.kept, book.consumption, book.residual) == (1, 1, 5, 0)
        assert not books.closed


def test_two_parts_of_an_hour_cut_by_a_power_failure_both_count():
    # The power goes within the hour: boot 7 wrote its part, boot 8 the rest, each flagged.
    before = intervals(0, 1, [1], water(0, 5, quality=[1]))
    after = intervals(1, 3, [3], water(5, 2, quality=[1]), boot=8)
    for order in ((before, after), (after, before)):
        ledger = fed(*(("intervals", message) for message in order))
        books = ledger.books("h1")
        assert (books.kept, books.channels["water"].consumption) == (2, 7)
        assert books.closed and books.channels["water"].flagged == 2
        assert ledger.interval_series("h1", "water") == [(START_S, 5, 1), (START_S, 2, 1)]


def test_parts_that_overlap_break_the_chain():
    # Both parts claim the same litres: the flag lets them pass, the registers give them away.
    ledger = fed(
        ("intervals", intervals(0, 1, [1], water(0, 5, quality=[1]))),
        ("intervals", intervals(1, 2, [2], water(3, 4, quality=[1]), boot=8)),
    )
    book = ledger.books("h1").channels["water"]
    assert book.breaks == [Break(1, 2, closed=5, opened=3)]
    assert book.residual == -2 and not ledger.books("h1").closed


def test_one_number_with_two_contents_keeps_the_first():
    # A wiped journal starts again at 1: what it says under old numbers is not the old data.
    ledger = fed(("intervals", intervals(0, 1, [1], water(0, 5))))
    other = intervals(0, 1, [1], water(0, 6))
    for _ in range(2):
        assert ledger.receive("ami/h1/intervals", other, NOW_S) == ack(1)
    books = ledger.books("h1")
    assert (books.conflicts, books.dropped_doubles) == (1, 0)
    assert books.channels["water"].consumption == 5 and not books.closed
    assert ledger.conflicts("h1")[0][:2] == (1, "water")


def test_gaps_and_overlaps_are_named():
    ledger = fed(
        ("intervals", intervals(0, 1, [1], water(0, 1))),
        ("intervals", intervals(1, 2, [2], water(1, 1), start=START_S + 3 * HOUR_S)),
        ("intervals", intervals(2, 3, [3], water(2, 1), start=START_S + 3 * HOUR_S + 60)),
    )
    book = ledger.books("h1").channels["water"]
    assert book.gaps == [(START_S + HOUR_S, START_S + 3 * HOUR_S)]
    assert book.overlaps == [(START_S + 3 * HOUR_S, START_S + 3 * HOUR_S + 60)]


def test_losses_are_counted_once_and_less_what_came_after_all():
    # The ring overwrote 1..10; 3 and 4 had arrived, only their ack had not.
    ledger = fed(
        ("intervals", intervals(2, 4, [3, 4], water(7, 1, 1))),
        ("events", events(0, 12, (11, "records_lost", {"first": 1, "last": 10}))),
        ("events", events(12, 13, (13, "records_lost", {"first": 9, "last": 12}))),
    )
    # 1, 2, 5..10 and 12; 11 is the event itself.
    assert ledger.books("h1").lost == 9


def test_a_new_head_end_goes_on_where_the_old_one_stopped():
    # The database is lost. The collector says what was acknowledged; else we would wait for ever.
    ledger = fed(("status", status(acked=120)))
    assert ledger.receive("ami/h1/events", events(120, 125), NOW_S) == ack(125)
    books = ledger.books("h1")
    assert (books.adopted, books.watermark, books.online) == ([(0, 120)], 125, True)
    # Born again with an older cursor: our acknowledgement did not arrive.
    assert ledger.receive("ami/h1/status", status(acked=121), NOW_S) == ack(125)
    assert ledger.books("h1").adopted == [(0, 120)]


def test_a_collector_without_a_time_is_told_ours():
    ledger = fed()
    answer = [("ami/h1/time", b'{"v":1,"unix_s":%d}' % NOW_S)]
    assert ledger.receive("ami/h1/status", status(time=None), NOW_S) == answer
    assert ledger.receive("ami/h1/status", status(time=NOW_S - 9), NOW_S) == []
    assert ledger.receive("ami/h1/status", status(), NOW_S) == []
    assert ledger.receive("ami/h1/status", will(), NOW_S) == []


def test_a_late_will_does_not_put_a_new_boot_offline():
    # The broker notices the dead connection of boot 7 only after boot 8 is there.
    ledger = fed(("status", status(boot=7)), ("status", status(boot=8)))
    ledger.receive("ami/h1/status", will(), NOW_S)
    assert (ledger.books("h1").online, ledger.books("h1").boot) == (True, 8)
    ledger.receive("ami/h1/status", will(boot=8), NOW_S)
    assert ledger.books("h1").online is False


def test_a_unit_never_changes():
    # A bill in the wrong unit is worse than none: refused whole, the good new channel with it.
    ledger = fed(("intervals", intervals(0, 1, [1], water(0, 5))))
    cubic = {"unit": "dm3", "open": 5, "delta": [1]}
    both = intervals(1, 2, [2], {"gas": cubic, "water": cubic})
    assert ledger.receive("ami/h1/intervals", both, NOW_S) == []
    books = ledger.books("h1")
    assert (books.refused, books.watermark, list(books.channels)) == (1, 1, ["water"])


def journal(rng: random.Random, hours: int) -> list[tuple[str, bytes]]:
    """A journal of `hours` records of two channels, with events between, cut into messages."""
    messages, seq, done, register = [], 0, 0, 500
    while done < hours:
        count = rng.randint(1, 6)
        after, seqs = seq, []
        for _ in range(count):
            seq += rng.randint(1, 3)  # records of no concern to the head-end lie between
            seqs.append(seq)
        deltas = [rng.randint(0, 9) for _ in range(count)]
        gas = [None if rng.random() < 0.1 else 0 for _ in range(count)]
        channels = water(register, *deltas) | {"gas": {"unit": "dm3", "open": 9, "delta": gas}}
        start = START_S + done * HOUR_S
        messages.append(("intervals", intervals(after, seq, seqs, channels, start=start)))
        register, done = register + sum(deltas), done + count
        messages.append(("events", events(seq, seq + 1, (seq + 1, "leak", {"flow": done}))))
        seq += 1
    return messages


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.data())
def test_any_order_and_repetition_gives_the_same_books(seed, data):
    # A network may reorder and repeat at will: the books are those of the tidy case, exactly once.
    tidy = journal(random.Random(seed), 20)
    repeats = data.draw(st.lists(st.sampled_from(tidy), max_size=15))
    shuffled = data.draw(st.permutations([*tidy, *repeats]))
    expected, found = fed(*tidy).books("h1"), fed(*shuffled).books("h1")
    assert found.dropped_doubles > 0 or not repeats
    found.dropped_doubles = 0
    assert found == expected and found.closed


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_any_batching_gives_the_same_books(seed, cut):
    # After a restart the collector cuts its backlog differently and repeats a part of it.
    hours, rng = 30, random.Random(cut)
    deltas = [random.Random(seed).randint(0, 9) for _ in range(hours)]

    def batch(first: int, last: int) -> tuple[str, bytes]:
        register = sum(deltas[:first])
        start = START_S + first * HOUR_S
        seqs = list(range(first + 1, last + 1))
        body = water(register, *deltas[first:last])
        return "intervals", intervals(first, last, seqs, body, start=start)

    messages, reached = [], 0
    while reached < hours:
        first = rng.randint(max(0, reached - 4), reached)
        last = rng.randint(first, min(hours, first + 9))
        messages.append(batch(first, last))
        reached = max(reached, last)
    found, expected = fed(*messages).books("h1"), fed(batch(0, hours)).books("h1")
    found.dropped_doubles = 0
    assert found == expected and found.kept == hours
