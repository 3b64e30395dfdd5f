"""The almanac: the period of every quarter-hour, and billing months, looked up by UTC alone."""

from lib.almanac import DST, NO_TARIFF, Almanac

DAY_S = 86400
START_S = 1772409600  # 2026-03-02
HOUR_S = 3600
# two days of one row, a day of another, then 255 and one more of the first
ROWS = [bytes((36, 0, 61, 1, 96, 2)), bytes((1, 7 + DST, 96, DST))]
ALMANAC = Almanac(3, START_S, bytes((2, 0, 1, 1, 255, 0, 1, 0)), ROWS, [-100, 0, 5, 960])


def period(day, quarter, quarters=1):
    return ALMANAC.value(START_S + day * DAY_S + quarter * 900, quarters * 900)


def test_every_quarter_hour_has_its_period():
    for day in (0, 1, 3, 100, 258):
        for quarter in range(96):
            wanted = 0 if quarter < 36 else 1 if quarter < 61 else 2
            assert period(day, quarter) == wanted, (day, quarter)
    assert [period(2, quarter) for quarter in (0, 1, 95)] == [7 + DST, DST, DST]


def test_an_interval_in_which_the_period_changes_has_none():
    assert period(0, 32, 4) == 0
    assert period(0, 36, 4) == 1
    # at 15:15, as it is where the zone's offset is no whole hour
    assert period(0, 60, 4) == NO_TARIFF
    assert period(0, 60) == 1
    assert period(2, 0, 4) == NO_TARIFF | DST


def test_the_clock_may_be_moved_within_an_interval():
    # Lord Howe's, by half an hour: the period is the same, it begins without daylight saving time.
    almanac = Almanac(1, START_S, bytes((1, 0)), [bytes((62, 3, 80, 3 + DST, 96, 3))], [])
    assert almanac.value(START_S + 60 * 900, 3600) == 3
    assert almanac.value(START_S + 62 * 900, 3600) == 3 + DST
    assert almanac.value(START_S + 78 * 900, 4500) == 3 + DST


def test_what_lies_beyond_is_not_known():
    assert ALMANAC.until_s == START_S + 259 * DAY_S
    assert period(258, 95) == 2
    assert period(259, 0) is None
    assert period(-1, 95) is None
    assert ALMANAC.value(0, 3600) is None
    assert ALMANAC.value(4102444800, 3600) is None
    # an interval that only begins in it
    assert period(258, 94, 4) == NO_TARIFF


def test_a_moment_is_in_the_billing_month_that_began_last():
    for quarter, began in ((0, 0), (4, 0), (5, 5), (959, 5), (960, 960), (20000, 960)):
        assert ALMANAC.month_s(START_S + quarter * 900 + 899) == START_S + began * 900, quarter
    assert ALMANAC.month_s(START_S - 1) == START_S - 100 * 900
    assert ALMANAC.month_s(START_S - 101 * 900) == 0
    assert Almanac(1, START_S, bytes((1, 1)), ROWS, []).month_s(START_S) == 0
