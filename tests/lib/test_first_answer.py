"""The first answer that sets the clock: whose it may be, and what it must not contradict."""

from lib.timebase import Timebase

T0_MS = 1772409600000
SECOND_MS = 1000
HOUR_MS = 3600 * SECOND_MS
DAY_MS = 24 * HOUR_MS


def answer(base, true_ms, at_ms, server=0, floor_ms=0, sure=0):
    """A time server's answer, without its fraction and at once."""
    earliest_ms = true_ms // SECOND_MS * SECOND_MS
    return base.take(server, earliest_ms, earliest_ms + SECOND_MS, at_ms, floor_ms, sure)


def test_the_first_two_answers_set_it():
    base = Timebase()
    assert not base.is_known()
    assert answer(base, T0_MS, 4000) == (False, 0)
    assert not base.is_known()
    assert not base.is_trusted(4000)
    assert answer(base, T0_MS + 1999, 5000, 1) == (True, 0)
    assert base.is_trusted(5000)
    assert [base.unix_ms(at_ms) - T0_MS for at_ms in (5000, 5001, 8600000)] == [
        1000,
        1001,
        8596000,
    ]


def test_a_lone_liar_cannot_be_the_first():
    # Two hours ahead, and he is asked first: his time is nobody's, and the two others agree.
    base = Timebase()
    assert answer(base, T0_MS + 2 * HOUR_MS, 0, 0) == (False, 0)
    assert answer(base, T0_MS + SECOND_MS, 1000, 1) == (False, 0)
    assert answer(base, T0_MS + 2 * SECOND_MS, 2000, 2) == (True, 0)
    assert base.unix_ms(2000) == T0_MS + 2 * SECOND_MS


def test_where_only_one_answers_it_must_insist_for_a_minute():
    base = Timebase()
    for second, believed in ((0, False), (6, False), (59, False), (60, True)):
        at_ms = second * SECOND_MS
        assert answer(base, T0_MS + at_ms, at_ms)[0] == believed


def test_the_only_server_is_believed_but_not_before_what_the_journal_holds():
    assert answer(Timebase(), T0_MS, 0, 0, T0_MS, 1) == (True, 0)
    assert answer(Timebase(), T0_MS, 0, 0, T0_MS + SECOND_MS, 1) == (True, 0)
    base = Timebase()
    floor_ms = T0_MS + DAY_MS
    off_ms = SECOND_MS - DAY_MS
    assert answer(base, T0_MS, 0, 0, floor_ms, 1) == (False, off_ms)
    assert (
        answer(base, T0_MS + HOUR_MS - SECOND_MS, HOUR_MS - SECOND_MS, 0, floor_ms, 1)[0] is False
    )
    assert answer(base, T0_MS + HOUR_MS, HOUR_MS, 0, floor_ms, 1)[0]
    assert base.unix_ms(HOUR_MS) == T0_MS + HOUR_MS


def test_two_that_agree_are_believed_before_what_the_journal_holds():
    # The journal was written in a wrong year: it must not keep the collector there.
    base = Timebase()
    for server, believed in ((0, False), (1, True)):
        assert answer(base, T0_MS, 0, server, T0_MS + 400 * DAY_MS)[0] == believed
