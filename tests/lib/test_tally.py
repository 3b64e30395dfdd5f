"""Registers by period: only what came in a period for certain is its own, and nothing is lost."""

from lib.tally import NONE, Tally

HOUR_S = 3600
T_S = 1772409600


def in_period(period, since_s, assumed=0):
    return period, since_s, 1, assumed


def test_what_follows_on_belongs_to_the_period():
    tally = Tally(2)
    tally.count(T_S, [5, 7])
    assert tally.totals == [[0] * 8, [0] * 8]
    tally.now = in_period(2, T_S)
    tally.count(T_S + HOUR_S, [10, 20])
    tally.count(T_S + 2 * HOUR_S, [1, 2])
    tally.now = in_period(0, T_S + 2 * HOUR_S)
    tally.count(T_S + 3 * HOUR_S, [100, 200])
    assert tally.totals[0] == [100, 0, 11, 0, 0, 0, 0, 0]
    assert tally.totals[1] == [200, 0, 22, 0, 0, 0, 0, 0]
    assert (tally.apart(0, 116), tally.apart(1, 229)) == (5, 7)


def test_what_began_before_the_period_is_apart():
    # The meter was silent when the period changed: where in time it was, nobody knows. The other
    # channel was read, and the next hour is certain again.
    tally = Tally(2)
    tally.now = in_period(1, T_S)
    tally.count(T_S, [0, 0])
    tally.count(T_S + HOUR_S, [None, 8])
    tally.now = in_period(2, T_S + HOUR_S)
    tally.count(T_S + 2 * HOUR_S, [70, 9])
    tally.count(T_S + 3 * HOUR_S, [3, 10])
    assert tally.totals[0] == [0, 0, 3, 0, 0, 0, 0, 0]
    assert tally.totals[1] == [0, 8, 19, 0, 0, 0, 0, 0]
    assert tally.apart(0, 73) == 70


def test_silence_within_a_period_changes_nothing():
    tally = Tally(1)
    tally.now = in_period(1, T_S)
    tally.count(T_S + HOUR_S, [1])
    tally.count(T_S + 2 * HOUR_S, [None])
    tally.count(T_S + 3 * HOUR_S, [70])
    assert tally.totals[0][1] == 70  # not the first one: nobody knows since when


def test_without_the_time_the_period_goes_on():
    tally = Tally(1)
    tally.now = in_period(1, T_S)
    tally.count(T_S, [0])
    tally.count(T_S + HOUR_S, [5])
    tally.now = in_period(1, 0, assumed=1)
    tally.count(0, [6])
    tally.count(0, [7])
    assert tally.totals[0][1] == 18
    # The time is known again; the next interval began when nobody knew it.
    tally.now = in_period(2, T_S + 9 * HOUR_S)
    tally.count(T_S + 10 * HOUR_S, [40])
    tally.count(T_S + 11 * HOUR_S, [2])
    assert tally.totals[0] == [0, 18, 2, 0, 0, 0, 0, 0]
    assert tally.apart(0, 60) == 40


def test_no_period_counts_nowhere():
    tally = Tally(1)
    tally.now = in_period(NONE, T_S)
    tally.count(T_S, [5])
    tally.count(T_S + HOUR_S, [5])
    tally.now = in_period(NONE, 0, assumed=1)
    tally.count(0, [5])
    assert tally.totals[0] == [0] * 8
    assert tally.apart(0, 15) == 15


def test_registers_beyond_32_bits():
    tally = Tally(1)
    tally.now = in_period(7, T_S)
    tally.count(T_S, [0])
    tally.count(T_S + HOUR_S, [2**40])
    tally.count(T_S + 2 * HOUR_S, [1])
    assert tally.totals[0][7] == 2**40 + 1
    assert tally.apart(0, 10**15) == 10**15 - 2**40 - 1
