"""Periods of a tariff in local hours, on days of every length, and what each has counted."""

from lib import urdb
from lib.dates import days
from lib.tariff import Schedules
from tests.lib.e1_tou import message

HOUR = 3600
DAY = 86400
OFF, SUPER_OFF, PEAK = range(3)


def utc(year, month, day, hour=0, minute=0):
    return days(year, month, day) * DAY + hour * HOUR + minute * 60


def seasons():
    """Weekdays: peak at 17 h from June to September only. Weekends: never."""
    weekdays = [[OFF] * 24 for _ in range(12)]
    for month in (6, 7, 8, 9):
        weekdays[month - 1][17] = PEAK
    return weekdays, [[OFF] * 24 for _ in range(12)]


def seasonal(**changes):
    weekdays, weekends = seasons()
    return urdb.load(
        message(energyweekdayschedule=weekdays, energyweekendschedule=weekends, **changes)
    )


def hours_by_period(tariff, start_s, end_s):
    hours = [0, 0, 0]
    for hour in range((end_s - start_s) // HOUR):  # MicroPython's range() has 31 bits
        hours[tariff.period(start_s + hour * HOUR)] += 1
    return hours


def test_the_hours_of_the_city():
    tariff = urdb.load(message())
    assert tariff.names == ("off-peak", "super off-peak", "peak")
    # PST, UTC - 8, a Wednesday and a Saturday: peak 16 to 21, super off-peak 9 to 15; 15 is off.
    for day in (utc(2026, 1, 14, 8), utc(2026, 1, 17, 8)):
        periods = [tariff.period(day + hour * HOUR) for hour in range(24)]
        assert periods == [OFF] * 9 + [SUPER_OFF] * 6 + [OFF] + [PEAK] * 5 + [OFF] * 3
        for hour, before, after in ((9, 0, 1), (15, 1, 0), (16, 0, 2), (21, 2, 0)):
            assert tariff.period(day + hour * HOUR - 1) == before
            assert tariff.period(day + hour * HOUR) == after
    # In PDT an hour earlier by UTC.
    assert tariff.period(utc(2026, 7, 15, 22, 59)) == OFF
    assert tariff.period(utc(2026, 7, 15, 23)) == PEAK


def test_days_of_23_and_25_hours():
    # The hour that is missing, or is there twice, is one at night: off-peak.
    tariff = urdb.load(message())
    assert hours_by_period(tariff, utc(2026, 3, 7, 8), utc(2026, 3, 8, 8)) == [13, 6, 5]
    assert hours_by_period(tariff, utc(2026, 3, 8, 8), utc(2026, 3, 9, 7)) == [12, 6, 5]
    assert hours_by_period(tariff, utc(2026, 11, 1, 7), utc(2026, 11, 2, 8)) == [14, 6, 5]
    year = hours_by_period(tariff, utc(2026, 1, 1, 8), utc(2027, 1, 1, 8))
    assert year == [365 * 13, 365 * 6, 365 * 5]


def test_the_day_of_the_change_has_its_own_hours():
    tariff = urdb.load(message())
    # 2026-03-08, after 02:00 PST comes 03:00 PDT: 9 h are at 16:00 UTC already.
    assert [tariff.period(utc(2026, 3, 8, hour)) for hour in (15, 16)] == [OFF, SUPER_OFF]
    # 2026-11-01, 01:00 PDT and 01:00 PST: 9 h are at 17:00 UTC again.
    assert [tariff.period(utc(2026, 11, 1, hour)) for hour in (16, 17)] == [OFF, SUPER_OFF]


def test_seasons_and_weekends():
    tariff = seasonal()
    for month, day, period in (
        (5, 29, OFF),  # Friday
        (6, 1, PEAK),  # Monday
        (6, 5, PEAK),
        (6, 6, OFF),
        (6, 7, OFF),
        (9, 30, PEAK),
        (10, 1, OFF),
    ):
        assert tariff.period(utc(2026, month, day, 24)) == period, (month, day)
    # The local day counts, not that of UTC: Friday 17:00 is Saturday there.
    assert tariff.period(utc(2026, 6, 6, 0)) == PEAK


def test_holidays_are_as_a_weekend():
    tariff = seasonal(holidays=["07-03", "2026-09-07"])
    for year, month, day, period in (
        (2026, 7, 2, PEAK),
        (2026, 7, 3, OFF),
        (2028, 7, 3, OFF),
        (2026, 9, 7, OFF),  # Labor Day
        (2027, 9, 7, PEAK),
        (2026, 9, 8, PEAK),
    ):
        assert tariff.period(utc(year, month, day, 24)) == period, (year, month, day)


def test_the_next_change():
    tariff = urdb.load(message())
    at_s = utc(2026, 1, 14, 8)
    for hour in (9, 15, 16, 21, 33):
        assert tariff.next_change_s(at_s, at_s + 7 * DAY) == utc(2026, 1, 14, 8 + hour)
        at_s = utc(2026, 1, 14, 8 + hour)
    assert tariff.next_change_s(at_s, at_s + 60) == at_s + 60
    assert tariff.next_change_s(at_s - 60, at_s) == at_s
    # Over a weekend, and over the winter.
    assert seasonal().next_change_s(utc(2026, 6, 6, 1), utc(2026, 7, 1)) == utc(2026, 6, 9)
    assert seasonal().next_change_s(utc(2026, 10, 1, 1), utc(2026, 12, 1)) == utc(2026, 12, 1)


def test_an_hour_that_half_an_hour_cuts():
    # Lord Howe, 2026-04-05: at 02:00 the clock goes back to 01:30. Peak begins at local 02:00,
    # which is now at 15:30 UTC, inside an hour of UTC.
    row = [OFF, OFF] + [PEAK] * 22
    tariff = urdb.load(
        message(
            tz="LHST-10:30LHDT-11,M10.1.0,M4.1.0",
            energyweekdayschedule=[row] * 12,
            energyweekendschedule=[row] * 12,
        )
    )
    start_s, end_s = utc(2026, 4, 4, 15), utc(2026, 4, 4, 16)
    assert tariff.period(start_s - 1) == tariff.period(start_s) == OFF
    assert tariff.next_change_s(start_s, end_s) == utc(2026, 4, 4, 15, 30)
    assert tariff.period(utc(2026, 4, 4, 15, 30)) == PEAK
    # Chatham, 2026-09-27: from 02:45 to 03:45, in the middle of hour 2; hour 3 is short.
    row = [OFF] * 3 + [PEAK] + [OFF] * 20
    tariff = urdb.load(
        message(
            tz="<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
            energyweekdayschedule=[row] * 12,
            energyweekendschedule=[row] * 12,
        )
    )
    start_s, end_s = utc(2026, 9, 26, 14), utc(2026, 9, 26, 14, 15)
    assert tariff.next_change_s(start_s - HOUR, end_s + HOUR) == start_s
    assert tariff.next_change_s(start_s, end_s + HOUR) == end_s


def test_a_new_tariff_at_its_date():
    row = [PEAK] * 24
    always = {"energyweekdayschedule": [row] * 12, "energyweekendschedule": [row] * 12}
    schedules = Schedules(urdb.load(message()))
    now_s, switch_s = utc(2026, 5, 1), utc(2026, 7, 1, 7)
    schedules.offer(urdb.load(message(version=2, effective="2026-07-01", **always)), now_s)
    assert schedules.at(switch_s - 1).version == 1
    assert schedules.at(switch_s).version == 2
    assert schedules.at(switch_s).period(switch_s) == PEAK
    # What is closed late, and what a clock that is set back asks, is still the old one's.
    assert schedules.at(switch_s - HOUR).period(switch_s - HOUR) == OFF
    assert schedules.next_change_s(switch_s - 2 * HOUR, switch_s + DAY) == switch_s
    assert schedules.next_change_s(switch_s, switch_s + DAY) == switch_s + DAY
    # The third is offered when the second is in force: that becomes the current one.
    later = message(version=3, effective="2026-08-01")
    schedules.offer(urdb.load(later), switch_s)
    assert schedules.current.version == 2
    assert schedules.at(utc(2026, 8, 1, 7)).version == 3


def test_offers_that_are_refused():
    schedules = Schedules(urdb.load(message(version=4)))
    now_s = utc(2026, 5, 1)

    def offer(version, effective):
        try:
            tariff = urdb.load(message(version=version, effective=effective))
            schedules.offer(tariff, now_s)
        except ValueError as error:
            return str(error)
        return schedules.at(now_s).version, schedules.following.version

    assert offer(4, "2026-07-01") == "version: 4 is not above 4, which is here"
    assert offer(5, "2026-07-01") == (4, 5)
    assert offer(5, "2026-07-01") == "version: 5 is not above 5, which is here"
    # Only one waits: it is replaced by a newer one for its date or before, never left out.
    assert offer(6, "2026-07-02") == "effective: version 5 waits for an earlier date"
    assert offer(6, "2026-07-01") == (4, 6)
    assert offer(7, "2026-06-01") == (4, 7)
    assert offer(8, "2026-04-01") == (8, 8)  # at once
    assert offer(9, "2026-06-01") == (8, 9)
