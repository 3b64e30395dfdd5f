"""UTC over a count of milliseconds: what answers of time servers may do to it, and what not."""

import random
import time

from lib.timebase import FLAG_MS, STEP_MS, Timebase

T0_MS = 1772409600000
SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def answer(base, true_ms, at_ms, server=0, floor_ms=0, sure=0):
    """A time server's answer, without its fraction and at once."""
    earliest_ms = true_ms // SECOND_MS * SECOND_MS
    return base.take(server, earliest_ms, earliest_ms + SECOND_MS, at_ms, floor_ms, sure)


def exact(base, true_ms, at_ms, server=0):
    """An answer of which nothing was dropped."""
    return base.take(server, true_ms, true_ms, at_ms)


def known(at_ms=0):
    base = Timebase()
    assert answer(base, T0_MS, at_ms, sure=1) == (True, 0)
    return base


def test_a_technician_is_believed_at_once():
    base = known()
    assert base.take(0, T0_MS + DAY_MS, T0_MS + DAY_MS, 0)[0] is False
    for off_ms in (MINUTE_MS, -10 * MINUTE_MS, 3 * DAY_MS):
        wanted_ms = base.unix_ms(HOUR_MS) + off_ms
        assert base.take(-2, wanted_ms, wanted_ms, HOUR_MS, 0, 2) == (True, off_ms)
        assert base.unix_ms(HOUR_MS) == wanted_ms
    assert Timebase().take(-2, T0_MS, T0_MS, 0, T0_MS + DAY_MS, 2)[0]


def test_an_answer_that_fits_moves_nothing():
    base = known()
    for at_ms in (HOUR_MS, 2 * HOUR_MS + 900, 30 * HOUR_MS + 1):
        now_ms = T0_MS + at_ms
        assert base.take(0, now_ms - 1000, now_ms, at_ms) == (True, 0)
        assert base.unix_ms(at_ms) == now_ms
    assert base.rate_ppm == 0


def test_a_move_is_slewed_by_a_hundredth():
    for off_ms in (4 * MINUTE_MS, -4 * MINUTE_MS, STEP_MS - 1, 1 - STEP_MS):
        base = known()
        if abs(off_ms) >= FLAG_MS:
            assert exact(base, T0_MS + HOUR_MS + off_ms, HOUR_MS, 1) == (False, off_ms)
        assert exact(base, T0_MS + HOUR_MS + off_ms, HOUR_MS) == (True, off_ms)
        assert base.unix_ms(HOUR_MS) == T0_MS + HOUR_MS
        sign = 1 if off_ms > 0 else -1
        assert base.unix_ms(HOUR_MS + 100000) == T0_MS + HOUR_MS + 100000 + sign * 1000
        done_ms = HOUR_MS + abs(off_ms) * 100
        assert base.unix_ms(done_ms) == T0_MS + done_ms + off_ms
        assert base.unix_ms(done_ms + DAY_MS) == T0_MS + done_ms + DAY_MS + off_ms


def test_what_is_being_slewed_is_no_news():
    # The same servers are asked again while their first answer is still being followed.
    base = known()
    off_ms = 10 * MINUTE_MS
    exact(base, T0_MS + HOUR_MS + off_ms, HOUR_MS, 1)
    assert exact(base, T0_MS + HOUR_MS + off_ms, HOUR_MS) == (True, off_ms)
    assert base.aim_ms(HOUR_MS) == base.unix_ms(HOUR_MS) + off_ms
    for at_ms in (7 * HOUR_MS, 13 * HOUR_MS):
        assert exact(base, T0_MS + at_ms + off_ms, at_ms) == (True, 0)
    assert base.unix_ms(30 * HOUR_MS) == T0_MS + 30 * HOUR_MS + off_ms


def test_what_must_be_told_needs_two_servers_that_agree():
    for off_ms in (STEP_MS, -STEP_MS, -3 * DAY_MS, FLAG_MS, -FLAG_MS):
        base = known()
        wanted_ms = T0_MS + HOUR_MS + off_ms
        assert exact(base, wanted_ms, HOUR_MS) == (False, off_ms)
        assert base.unix_ms(HOUR_MS) == T0_MS + HOUR_MS
        # neither the same one soon, nor another that says something else; told once
        assert exact(base, wanted_ms + MINUTE_MS, HOUR_MS + MINUTE_MS) == (False, 0)
        assert exact(base, wanted_ms + DAY_MS, HOUR_MS, 1) == (False, 0)
        assert exact(base, wanted_ms + DAY_MS + 10001, HOUR_MS, 2) == (False, 0)
        assert exact(base, wanted_ms + DAY_MS + 1, HOUR_MS, 1) == (True, off_ms + DAY_MS + 1)
        assert base.unix_ms(2 * HOUR_MS) == wanted_ms + DAY_MS + 1 + HOUR_MS
        assert base.rate_ppm == 0


def test_the_same_server_confirms_an_hour_later():
    base = known()
    off_ms = 20 * MINUTE_MS
    for minute, believed in ((0, False), (59, False), (60, True)):
        at_ms = minute * MINUTE_MS
        assert exact(base, T0_MS + off_ms + at_ms, at_ms)[0] == believed


def test_an_answer_that_fits_ends_the_doubt():
    base = known()
    assert exact(base, T0_MS + DAY_MS, 0, 1) == (False, DAY_MS)
    assert exact(base, T0_MS, 0, 2) == (True, 0)
    assert exact(base, T0_MS + DAY_MS, 0, 3) == (False, DAY_MS)


def test_a_step_ends_a_slew():
    base = known()
    exact(base, T0_MS + MINUTE_MS, 0)
    for server in (0, 1):
        exact(base, T0_MS + DAY_MS, 0, server)
    assert base.unix_ms(HOUR_MS) == T0_MS + DAY_MS + HOUR_MS


def test_it_never_runs_backward_and_waiting_ends_on_time():
    # Whatever servers answer, short of a step: UTC rises with the count, and ms_until() finds it.
    seed = time.time_ns() % 1000000
    print("seed", seed)
    random.seed(seed)
    for _ in range(30):
        base = known()
        at_ms = 0
        before_ms = base.unix_ms(0)
        for _ in range(20):
            at_ms += random.choice((1, 99, 5000, HOUR_MS, 20 * HOUR_MS))
            wanted_ms = base.unix_ms(at_ms) + random.randint(-400, 400) * SECOND_MS
            for server in (0, 1):
                outcome = base.take(server, wanted_ms, wanted_ms + SECOND_MS, at_ms)
            assert outcome[0]
            for _ in range(20):
                now_ms = base.unix_ms(at_ms)
                assert now_ms >= before_ms
                before_ms = now_ms
                at_ms += random.choice((0, 1, 1, 2, 1000, 40000))
            target_ms = base.unix_ms(at_ms) + random.choice((0, 1, 60000, HOUR_MS))
            left_ms = base.ms_until(target_ms, at_ms)
            assert abs(base.unix_ms(at_ms + left_ms) - target_ms) <= 1
            assert base.ms_until(base.unix_ms(at_ms) - 5, at_ms) == 0


def drifting(crystal_ppm, bad=None):
    """(largest error in ms after two days, rate) with an answer every six hours for a week; `bad`
    is (place, ms) of one wrong answer.
    """
    base = Timebase()
    answer(base, T0_MS, 0, 0, 0, 1)
    worst_ms = 0
    for place in range(28):
        for minute in range(0, 360, 30):
            true_ms = T0_MS + random.randint(0, 999) + place * 6 * HOUR_MS + minute * MINUTE_MS
            at_ms = (true_ms - T0_MS) * 1000000 // (1000000 + crystal_ppm)
            if not minute:
                answer(base, true_ms + (bad[1] if bad and bad[0] == place else 0), at_ms)
            elif place >= 8:
                worst_ms = max(worst_ms, abs(base.unix_ms(at_ms) - true_ms))
    return worst_ms, base.rate_ppm


def test_the_rate_of_a_crystal_is_learnt():
    seed = time.time_ns() % 1000000
    print("seed", seed)
    random.seed(seed)
    for crystal_ppm in (-100, -80, -20, 0, 3, 50, 80, 100):
        worst_ms, rate_ppm = drifting(crystal_ppm)
        assert worst_ms <= 1300, (crystal_ppm, worst_ms)
        assert abs(rate_ppm - crystal_ppm) <= 13, (crystal_ppm, rate_ppm)


def test_one_bad_answer_turns_the_rate_by_little():
    seed = time.time_ns() % 1000000
    print("seed", seed)
    random.seed(seed)
    for bad_ms in (-3000, 3000, -30000, 30000, 4 * MINUTE_MS):
        base = known()
        answer(base, T0_MS + 6 * HOUR_MS + bad_ms, 6 * HOUR_MS)
        assert abs(base.rate_ppm) <= 32
        for place in range(1, 28):
            _, rate_ppm = drifting(40, (place, bad_ms))
            assert abs(rate_ppm - 40) <= 70, (place, bad_ms, rate_ppm)
        for place in range(8):
            _, rate_ppm = drifting(40, (place, bad_ms))
            assert abs(rate_ppm - 40) <= 13, (place, bad_ms, rate_ppm)


def test_trust_ends_after_three_days_without_an_answer():
    base = known()
    assert [base.doubt_ms(at_ms) for at_ms in (0, HOUR_MS, DAY_MS)] == [1000, 1360, 9640]
    assert base.is_trusted(3 * DAY_MS)
    assert not base.is_trusted(81 * HOUR_MS)
    answer(base, T0_MS + 5 * DAY_MS, 5 * DAY_MS)
    assert base.is_trusted(8 * DAY_MS)
    assert not base.is_trusted(9 * DAY_MS)


def test_what_comes_with_doubt_is_trusted_for_less():
    # Taken over from the life before: half a minute, less what is doubted already.
    base = Timebase()
    base.take(-4, T0_MS, T0_MS + 27 * SECOND_MS, 0, 0, 1)
    assert base.is_trusted(8 * HOUR_MS)
    assert not base.is_trusted(9 * HOUR_MS)
    base.take(-4, T0_MS, T0_MS + 31 * SECOND_MS, 0, 0, 2)
    assert not base.is_trusted(0)
    answer(base, T0_MS, 0)
    assert base.is_trusted(3 * DAY_MS)


def test_it_does_not_end_in_2034_or_2038():
    base = Timebase()
    late_ms = 2200000000 * SECOND_MS
    answer(base, late_ms, 1 << 33, sure=1)
    assert base.unix_ms((1 << 33) + DAY_MS) == late_ms + DAY_MS
