"""The month's highest demand: of quarter-hours that are certain, whose parts add up."""

from lib.demand import Demand
from lib.frame import Interval
from lib.quality import CLOCK_MOVED, CLOCK_UNTRUSTED, DST, ESTIMATED, MISSING, PARTIAL

T_S = 1772409600
QUARTER_S = 900
READ = [0, 0, 0, 0]


def counted(*quarters, registers=READ):
    """After these: (number of the quarter-hour, deltas, quality or qualities)."""
    demand = Demand()
    demand.begin(T_S)
    for number, deltas, quality in quarters:
        qualities = quality if type(quality) is list else [quality] * 2
        interval = Interval(T_S + number * QUARTER_S, QUARTER_S, deltas, qualities)
        demand.count(interval, registers)
    return demand.told


def test_the_highest_of_each_direction_with_its_time():
    told = counted((0, [250, 10], 0), (1, [1300, 0], DST), (2, [1299, 40], 0), (3, [1300, 40], 0))
    assert told == [T_S, 5200, T_S + QUARTER_S, 160, T_S + 2 * QUARTER_S, 0]


def test_nothing_counted_is_no_demand():
    assert counted((0, [0, 0], 0)) == [T_S, 0, 0, 0, 0, 0]


def test_what_is_not_certain_is_left_out_and_counted():
    # A value that spans more than its quarter-hour would be a demand that never was.
    for flag in (ESTIMATED, CLOCK_MOVED, CLOCK_UNTRUSTED, ESTIMATED | PARTIAL):
        told = counted((0, [100, 1], 0), (1, [90000, 9000], flag), (2, [3, 3], 0))
        assert told == [T_S, 400, T_S, 12, T_S + 2 * QUARTER_S, 1], flag
    told = counted((0, [100, None], [0, MISSING]), (1, [200, 90], [0, ESTIMATED]))
    assert told == [T_S, 800, T_S + QUARTER_S, 0, 0, 2]


def test_what_was_not_stored_is_counted_too():
    # The power was out: the first value after it spans all that was missed.
    told = counted((0, [100, 1], 0), (6, [700, 7], ESTIMATED), (7, [3, 3], 0))
    assert told == [T_S, 400, T_S, 12, T_S + 7 * QUARTER_S, 6]


def test_what_was_missed_before_the_month_is_not_of_it():
    demand = Demand()
    demand.begin(T_S - 86400)
    demand.count(Interval(T_S - 4 * QUARTER_S, QUARTER_S, [100, 0], [0, 0]), READ)
    demand.begin(T_S)
    demand.count(Interval(T_S + 2 * QUARTER_S, QUARTER_S, [500, 0], [ESTIMATED] * 2), READ)
    assert demand.told == [T_S, 0, 0, 0, 0, 3]


def test_what_is_not_wired_is_not_missed():
    told = counted((0, [100, None], [0, MISSING]), registers=[5, None, 0, 0])
    assert told == [T_S, 400, T_S, 0, 0, 0]


def test_the_parts_of_a_quarter_hour_add_up():
    # The power was cut within it, twice: three intervals.
    parts = [(4, [100, 5], PARTIAL), (4, [200, 0], PARTIAL), (4, [50, 7], PARTIAL)]
    told = counted(*parts, (5, [349, 11], 0))
    assert told == [T_S, 1400, T_S + 4 * QUARTER_S, 48, T_S + 4 * QUARTER_S, 0]


def test_a_new_month_begins_with_nothing():
    demand = Demand()
    demand.begin(T_S)
    demand.count(Interval(T_S, QUARTER_S, [100, 0], [0, 0]), READ)
    demand.begin(T_S + 86400)
    assert demand.told == [T_S + 86400, 0, 0, 0, 0, 0]


def test_without_the_time_there_is_no_quarter_hour():
    demand = Demand()
    demand.count(Interval(900, QUARTER_S, [100, 0], [0, 0], True), READ)
    assert demand.told == [0, 0, 0, 0, 0, 0]
