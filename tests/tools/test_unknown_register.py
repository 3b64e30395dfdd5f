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
