"""Export above the approved power: told when it is certain, and only then. A false alarm sends
somebody to the house.
"""

from lib import events
from lib.export import Export

APPROVED_W = 3600  # 60 Wh a minute
HOLD_S = 900
BEGAN_S = 5000


def told(powers_w, gap_s=300, step_wh=1, late_s=(0,), register=0, judge=None):
    """What is said about a house that exports `powers_w`, each for `gap_s` until the next reading:
    (seconds since the first reading, event, values). Its meter shows whole steps, and is late by
    each of `late_s` in turn.
    """
    judge = judge or Export(APPROVED_W, HOLD_S, step_wh)
    said = []
    true_ws = 3600 * register
    before_w = 0
    for place, power_w in enumerate([0] + powers_w):
        true_ws += power_w * gap_s
        late = late_s[place % len(late_s)]
        shown_ws = true_ws - min(late, gap_s) * power_w - max(0, late - gap_s) * before_w
        shown_wh = shown_ws // 3600 // step_wh * step_wh
        found = judge.take(shown_wh, BEGAN_S + place * gap_s)
        before_w = power_w
        if found:
            said.append((place * gap_s,) + found)
    return said


def test_an_excess_has_a_start_and_an_end():
    # Two readings of each are needed: more than 900 s, and the end lies before the last one.
    above = (1200, events.EXPORT_ABOVE, (5400, APPROVED_W))
    assert told([3000] + [5400] * 6) == [(300 + above[0],) + above[1:]]
    within = (300 + 1800 + 300, events.EXPORT_WITHIN, (1800, 5400))
    assert told([3000] + [5400] * 6 + [0, 0]) == [(1500,) + above[1:], within]


def test_the_peak_is_an_average_over_the_time_that_is_allowed():
    powers_w = [4200] * 3 + [9000] + [5400] * 2 + [0]
    (_, _, (power_w, _)), (_, _, (lasted_s, peak_w)) = told(powers_w)
    assert (power_w, lasted_s, peak_w) == ((3 * 4200 + 9000) // 4, 1800, (9000 + 2 * 5400) // 3)


def test_it_must_last_for_longer_than_is_allowed():
    assert told([9000] * 3 + [0] * 3) == []
    assert len(told([9000] * 4 + [0] * 3)) == 2
    # ... at a stretch: a certain dip begins it anew, one that might be none does not
    assert told([9000, 9000, 0] * 9) == []
    dip_w = APPROVED_W - APPROVED_W * 120 // 300
    assert len(told([9000, 9000, dip_w, 9000, 9000])) == 1


def test_at_the_approved_power_nothing_is_told():
    # An inverter that is held there for a day, whatever the meter's step, and however late it is.
    for step_wh in (1, 10, 100):
        for late_s in ((0,), (0, 120), (120, 0), (119, 3, 60), (1, 0, 0)):
            for gap_s in (60, 300, 3600):
                count = 86400 // gap_s
                assert told([APPROVED_W] * count, gap_s, step_wh, late_s) == []


def test_a_step_of_the_register_is_no_excess():
    # 100 Wh in a minute are 6 kW, but they came over two minutes.
    assert told([3000] * 60, 60, 100) == []
    # A small approval: 100 W, of which 80 are used; hours may pass between two steps.
    for step_wh in (10, 100):
        judge = Export(100, HOLD_S, step_wh)
        assert told([80] * 600, 60, step_wh, judge=judge) == []


def test_what_is_told_is_certain_whatever_the_register_has_not_shown():
    # Start: over a stretch of more than 900 s the true average was above. End: it was below, for
    # more than the two minutes that the meter may be late.
    powers_w = [3500] * 5 + [4500] * 40 + [3300] * 40 + [0] * 5
    for step_wh in (1, 10, 100):
        for late_s in ((0,), (0, 60), (120, 0, 50)):
            said = told(powers_w, 300, step_wh, late_s)
            assert [each[1] for each in said] == [events.EXPORT_ABOVE, events.EXPORT_WITHIN]
            (start_s, _, (power_w, _)), (end_s, _, (lasted_s, _)) = said
            last = start_s // 300
            averages_w = [sum(powers_w[first:last]) // (last - first) for first in range(last - 3)]
            assert max(averages_w) > APPROVED_W
            assert APPROVED_W < power_w <= 4500 + (3600 * step_wh + 4500 * 120) // HOLD_S
            assert 45 * 300 + 120 < end_s < 85 * 300
            assert abs(lasted_s - 40 * 300) <= 3 * 300, (step_wh, late_s, lasted_s)


def test_an_excess_does_not_end_between_two_steps():
    # 200 W where 100 are approved: the register stands still for half an hour, then jumps. So does
    # a float32 in kWh, by 62.5 Wh, at 839 MWh.
    for step_wh, register in ((100, 0), (1, 100 << 23)):
        judge = Export(100, HOLD_S, step_wh)
        said = told([200] * 288, 300, 100, register=register, judge=judge)
        assert [each[1] for each in said] == [events.EXPORT_ABOVE]


def test_a_silent_meter_counts_with_its_average():
    # One gap of eight hours: above on average for longer than is allowed.
    assert told([4500], 8 * 3600) == [(28800, events.EXPORT_ABOVE, (4500, APPROVED_W))]
    # Below on average: an excess ended where it was last seen.
    judge = Export(APPROVED_W, HOLD_S, 1)
    assert len(told([5400] * 6, judge=judge)) == 1
    register = 5400 * 1800 // 3600
    ended = judge.take(register + 8 * 1000, BEGAN_S + 1800 + 8 * 3600)
    assert ended == (events.EXPORT_WITHIN, (1800, 5400))


def test_nothing_is_known_of_the_time_before_the_first_reading():
    judge = Export(APPROVED_W, HOLD_S, 1)
    assert judge.take(10**9, 12) is None
    assert judge.take(10**9 + 5, 3000) is None


def test_it_is_told_once_until_it_has_ended():
    said = told(([9000] * 20 + [0] * 3) * 3)
    assert [each[1] for each in said] == [events.EXPORT_ABOVE, events.EXPORT_WITHIN] * 3


def test_the_words_of_the_events():
    payload = events.pack(events.EXPORT_ABOVE, 1, 1772409600, (5400, 3600))
    assert events.unpack(payload)[2:] == (
        "export_above",
        (("power_w", 5400), ("approved_w", 3600)),
    )
    payload = events.pack(events.EXPORT_WITHIN, 1, 1772409600, (1800, 5400))
    assert events.unpack(payload)[2:] == ("export_within", (("lasted_s", 1800), ("peak_w", 5400)))
