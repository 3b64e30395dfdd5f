"""Leak rules, one by one: when an alarm begins, when it ends, and what is told of it."""

from lib import leak, leak_gap
from lib.leak import (
    AWAY,
    BURST,
    CONTINUOUS,
    HOURS,
    INTERMITTENT,
    LEAST,
    STOPPED,
)
from lib.leak_rules import parse
from tests.lib.leak_states import DAY, fresh


def fed(state, rules, counts):
    """All that is told of these quarter-hours, each with its place."""
    told = []
    for place, count in enumerate(counts):
        told += [(place,) + each for each in leak.close(state, rules, count, True, 0)]
    return told


def begun(told, rule):
    """Places where its alarm began, and where it ended."""
    began = [each[0] for each in told if each[1] == rule and each[2]]
    return began, [each[0] for each in told if each[1] == rule and not each[2]]


# --- each rule by itself -----------------------------------------------------------------------


def test_flow_in_every_quarter_hour_of_a_day_is_continuous():
    # The 50th tells of an intermittent one, the 96th of a continuous one; and one without flow
    # ends that, while the other lasts until only 49 of a day are left.
    rules = parse("day", 1, 1)
    told = fed(fresh(), rules, [1] * 100 + [0] * 60)
    assert begun(told, CONTINUOUS) == ([95], [100])
    assert begun(told, INTERMITTENT) == ([49], [146])
    assert [each for each in told if each[1] == CONTINUOUS] == [
        (95, CONTINUOUS, True, 96, 96),
        (100, CONTINUOUS, False, 101, 100),
    ]


def test_no_hour_of_a_day_without_flow():
    # One litre in any quarter of each hour will do; the 24th full hour tells it, and the first
    # without flow ends it.
    rules = parse("day", 1, 1)
    counts = []
    for hour in range(30):
        counts += [1 if quarter == hour % 4 else 0 for quarter in range(4)]
    told = fed(fresh(), rules, counts + [0] * 8)
    assert begun(told, HOURS) == ([95], [123])
    assert begun(told, CONTINUOUS) == ([], [])


def test_an_hour_begins_with_the_hour():
    # Begun at a quarter past: that hour is not known in whole, though it has flow.
    rules = parse("day", 1, 1)
    told = fed(fresh(DAY * 20000 + 1), rules, [0, 0, 0] + [1, 0, 0, 0] * 24)
    assert begun(told, HOURS)[0] == [3 + 95]


def test_a_gallon_in_every_hour_and_the_lowest_of_them_is_the_rate():
    rules = parse("hour=3785", 1, 10)  # 38 pulses
    state = fresh()
    told = fed(state, rules, [10, 10, 10, 8] * 24 + [10, 10, 10, 7])
    assert begun(told, LEAST) == ([95], [99])
    assert leak.lowest(state) == 37
    fed(state, rules, [0] * 4)
    assert leak.lowest(state) == 0


def test_a_burst_is_told_at_once_and_ends_with_a_quiet_quarter_hour():
    rules = parse("burst=300", 1, 1)
    state = fresh()
    fed(state, rules, [40, 60])
    assert leak.needed(state, rules, 50) == 150
    assert leak.look(state, rules, 199) == []
    assert leak.look(state, rules, 200) == [(BURST, True, 2, 300)]
    assert leak.look(state, rules, 250) == []
    assert leak.needed(state, rules, 250) == 0
    assert leak.close(state, rules, 375, True, 0) == []
    assert fed(state, rules, [75, 74, 0, 0, 0]) == [(1, BURST, False, 5, 624)]


def test_three_quarter_hours_below_it_are_no_burst():
    rules = parse("burst=300", 1, 1)
    assert fed(fresh(), rules, [100, 100, 99] * 40) == []
    assert begun(fed(fresh(), rules, [100, 100, 100]), BURST) == ([2], [])


def test_a_meter_that_stands_still():
    rules = parse("stop=72", 1, 1)
    told = fed(fresh(), rules, [1] + [0] * 300 + [1])
    assert begun(told, STOPPED) == ([288], [301])


def test_while_nobody_is_there_the_first_pulse_is_told():
    rules = parse("day", 1, 1)
    state = fresh()
    assert leak.needed(state, rules, 0) == 0
    state[leak.IS_AWAY] = 1
    assert leak.needed(state, rules, 0) == 1
    assert leak.look(state, rules, 1) == [(AWAY, True, 0, 1)]
    assert leak.needed(state, rules, 1) == 0
    told = fed(state, rules, [3, 2, 0, 1])
    assert told == [(2, AWAY, False, 3, 5), (3, AWAY, True, 0, 1)]
    state[leak.IS_AWAY] = 0
    assert begun(fed(state, rules, [1]), AWAY) == ([], [0])


def test_a_storm_of_alarms_is_braked_until_the_next_day():
    rules = parse("burst=10 most=2", 1, 1)
    state = fresh()
    told = fed(state, rules, [10, 0] * 47)
    assert leak.needed(state, rules, 9) == 0
    told += fed(state, rules, [10, 0])
    assert begun(told, BURST) == ([0, 2], [1, 3])
    assert begun(fed(state, rules, [10]), BURST) == ([0], [])


def test_a_latched_alarm_waits_for_a_person():
    rules = parse("burst=10 latch", 1, 1)
    state = fresh()
    assert begun(fed(state, rules, [10, 0, 0]), BURST) == ([0], [])
    assert leak_gap.clear(state) == [(BURST, False, 5, 10)]
    assert leak_gap.clear(state) == []
    fed(state, rules, [10, 0, 10])
    assert leak_gap.clear(state) == []  # it is true again: nothing waits
    assert state[leak.ACTIVE] == 1 << BURST


def test_days_with_a_leak_and_without_flow():
    rules = parse("day", 1, 1)
    state = fresh()
    fed(state, rules, [1] * DAY * 2 + [0] * DAY * 4 + [1] + [0] * (DAY - 1))
    # The second day of the flow, and the day that it took to be over.
    assert state[leak.LEAK_DAYS] == 0b1110000
    assert state[leak.STILL_DAYS] == 0b0011110
    for _ in range(35):
        fed(state, rules, [0] * DAY)
    assert state[leak.LEAK_DAYS] == 0
    assert state[leak.STILL_DAYS] == (1 << 35) - 1


def test_a_flow_backward_is_told_for_35_days():
    rules = parse("day", 1, 1)
    state = fresh()
    for back, seen in ((0, (0, 0)), (1, (35, 0)), (100, (35, 0)), (101, (35, 35))):
        leak.close(state, rules, 0, True, back)
        assert (state[leak.MINOR], state[leak.MAJOR]) == seen
    fed(state, rules, [0] * DAY * 34)
    assert state[leak.MAJOR] == 1
    fed(state, rules, [0] * DAY)
    assert (state[leak.MINOR], state[leak.MAJOR]) == (0, 0)


def test_buckets_are_those_of_the_meters():
    edges = {0: 0, 1: 1, 2: 1, 3: 2, 7: 2, 8: 3, 14: 3, 15: 4, 21: 4, 22: 5, 34: 5, 35: 6}
    for days, bucket in edges.items():
        assert leak.bucket((1 << days) - 1) == bucket


# --- what is not known -------------------------------------------------------------------------


def test_what_is_not_known_neither_raises_nor_ends():
    # A power cut of three hours in a leak that was told: it goes on. In one that was not: its 24
    # hours begin anew.
    rules = parse("day hour=3785", 1, 1)
    for hours, began in ((30, 95), (20, 80 + 12 + 95)):
        state = fresh()
        told = fed(state, rules, [2] * 4 * hours)
        leak_gap.skip(state, rules, 12, 0)
        later = fed(state, rules, [2] * 200)
        told += [(each[0] + 4 * hours + 12,) + each[1:] for each in later]
        for rule in (CONTINUOUS, HOURS, LEAST):
            assert begun(told, rule) == ([began], [])


def test_a_short_cut_within_an_hour_with_flow_changes_nothing_for_it():
    # Begun and over in the same hour, and the register says that water came: it was no hour
    # without.
    rules = parse("day", 1, 1)
    state = fresh()
    fed(state, rules, [1] * 40)
    leak_gap.skip(state, rules, 1, 1)
    assert begun(fed(state, rules, [0, 0, 0] + [1] * 52), HOURS)[0] == [54]
