"""Where the collector's records are damaged it does not know its registers, and says so."""

from tests.tools.deliveries import HOUR_S, START_S, events, fed, intervals, water
from tools.headend.books import Break


def test_a_register_that_is_not_known_is_bridged_by_what_is() -> None:
    # Records 3 and 4 are damaged: the collector does not know the register until its next snapshot
    # tells it. Then the books show what was lost between, once, and nothing else.
    ledger = fed(
        ("intervals", intervals(0, 2, [1, 2], water(100, 3, 4))),
        ("events", events(2, 4, (4, "records_lost", {"first": 3, "last": 4}))),
        ("intervals", intervals(4, 6, [5, 6], water(None, 1, 2), start=START_S + 4 * HOUR_S)),
        ("intervals", intervals(6, 7, [7], water(120, 5), start=START_S + 6 * HOUR_S)),
    )
    books = ledger.books("h1")
    book = books.channels["water"]
    assert book.breaks == [Break(seq_before=6, seq_after=7, closed=110, opened=120)]
    assert (book.first_open, book.last_close, book.consumption) == (100, 125, 15)
    assert (book.residual, books.lost, books.refused) == (10, 2, 0)


def opened(seq: int, before: int, register: int) -> tuple[str, bytes]:
    told = {"channel": 2, "register": register, "before": before}
    return "events", events(seq - 1, seq, (seq, "register_opened", told))


def test_a_step_is_told_before_rows_that_do_not_tell_the_register() -> None:
    # The step is believed when the register is known again, also where it was told in parts.
    first = ("intervals", intervals(0, 1, [1], water(100, 3)))
    unknown = intervals(2, 3, [3], water(None, 1), start=START_S + HOUR_S)
    more = intervals(4, 6, [5, 6], water(None, 0, 2), start=START_S + 2 * HOUR_S)
    last = intervals(6, 7, [7], water(906, 5), start=START_S + 4 * HOUR_S)
    rows = [("intervals", each) for each in (unknown, more, last)]
    books = fed(first, opened(2, 103, 503), rows[0], opened(4, 504, 904), *rows[1:]).books("h1")
    book = books.channels["water"]
    assert book.breaks == []
    assert (book.first_open, book.last_close, book.consumption) == (100, 911, 11)
    assert (book.steps, book.residual) == (800, 0)
    assert books.closed


def test_a_step_that_was_told_is_good_for_one_place() -> None:
    # Once the register is known it was taken or not; the same step later is a break.
    rows = [
        ("intervals", intervals(seq - 1, seq, [seq], water(register, 0), start=start))
        for seq, register, start in (
            (1, 100, START_S),
            (3, None, START_S + HOUR_S),
            (4, 100, START_S + 2 * HOUR_S),
            (5, 500, START_S + 3 * HOUR_S),
        )
    ]
    book = fed(rows[0], opened(2, 100, 500), *rows[1:]).books("h1").channels["water"]
    assert book.breaks == [Break(seq_before=4, seq_after=5, closed=100, opened=500)]
    assert (book.steps, book.residual) == (0, 400)


def test_a_register_that_is_known_late_and_one_that_never_is() -> None:
    late = fed(
        ("intervals", intervals(0, 1, [1], water(None, 4))),
        ("intervals", intervals(1, 2, [2], water(104, 5), start=START_S + HOUR_S)),
    ).books("h1")
    book = late.channels["water"]
    assert (book.first_open, book.last_close, book.residual) == (100, 109, 0)
    assert late.closed
    never = fed(("intervals", intervals(0, 1, [1], water(None, 4)))).books("h1")
    book = never.channels["water"]
    assert (book.first_open, book.last_close, book.residual, book.consumption) == (
        None,
        None,
        0,
        4,
    )
