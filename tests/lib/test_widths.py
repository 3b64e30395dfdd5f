"""The widths of a contact while somebody measures: counting goes on as before."""

from lib.debounce import Debounce
from lib.widths import Widths
from tests.lib.levels import counted

LEVELS = [(True, 2), (False, 1), (True, 90), (False, 30), (True, 4), (False, 400), (True, 70)]
LEVELS += [(False, 350), (True, 80)]


def measured(levels):
    """Let levels (closed, ms it lasts) happen one after the other."""
    widths = Widths(Debounce(20, 50, False))
    quiet_ms = 1000
    for closed, lasts_ms in levels:
        widths.settle(quiet_ms // 2)  # somebody asks for the count meanwhile
        widths.settle(quiet_ms)
        widths.edge(closed)
        quiet_ms = lasts_ms
    widths.settle(quiet_ms)
    return widths


def test_the_shortest_that_counted_and_the_longest_that_did_not():
    widths = measured(LEVELS)
    assert (widths.closed_ms, widths.open_ms, widths.bounce_ms) == (70, 350, 30)


def test_it_counts_as_without():
    plain = Debounce(20, 50, False)
    counted(plain, LEVELS)
    widths = measured(LEVELS)
    told = (widths.pulses, widths.bounces, widths.level)
    assert told == (plain.pulses, plain.bounces, plain.level)
    assert widths.pulses == 3
    assert (widths.inner.pulses, widths.inner.bounces) == told[:2]


def test_what_nobody_saw_has_no_width():
    # The interrupt came late: the contact had opened and closed again meanwhile.
    widths = measured([(True, 90), (True, 95), (False, 400), (True, 3), (False, 300)])
    assert (widths.bounces, widths.bounce_ms) == (2, 3)
    assert widths.closed_ms == 185


def test_nothing_came():
    widths = measured([])
    assert (widths.closed_ms, widths.open_ms, widths.bounce_ms) == (None, None, 0)


def test_the_level_at_the_first_edge_is_not_known():
    widths = measured([(True, 100)])
    assert (widths.closed_ms, widths.open_ms) == (None, None)
