"""Local time from the text of a zone, at moments worked out by hand.

tests/lib_properties/test_posix_tz.py asks the same for ten years of many zones.
"""

from lib.dates import civil, days, weekday
from lib.posix_tz import parse

HOUR = 3600
DAY = 86400
LOS_ANGELES = "PST8PDT,M3.2.0,M11.1.0"


def utc(year, month, day, hour=0, minute=0):
    return days(year, month, day) * DAY + hour * HOUR + minute * 60


def changes(text, moment_s, before_s, after_s):
    """The offset is one until the last second, and another from then on."""
    zone = parse(text)
    for at_s, offset_s in ((-DAY, before_s), (-1, before_s), (0, after_s), (DAY, after_s)):
        assert zone.offset_s(moment_s + at_s) == offset_s, (text, at_s)
    # And the same without anything remembered from the moment before.
    assert parse(text).offset_s(moment_s - 1) == before_s
    assert parse(text).offset_s(moment_s) == after_s


def refused(text):
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return "taken"


def test_the_calendar():
    assert (days(1970, 1, 1), days(2000, 3, 1), days(2100, 3, 1)) == (0, 11017, 47541)
    assert weekday(0) == 4  # a Thursday
    assert weekday(days(2026, 3, 1)) == 0
    day = days(2000, 1, 1)
    for year in range(2000, 2101):
        is_leap = year % 4 == 0 and year != 2100
        for month, length in enumerate((31, 28 + is_leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)):
            for of_month in (1, length):
                date = (year, month + 1, of_month)
                assert civil(days(*date)) == date
            assert days(year, month + 1, 1) == day
            day += length


def test_los_angeles():
    # 2026-03-08 02:00 PST and 2026-11-01 02:00 PDT.
    changes(LOS_ANGELES, utc(2026, 3, 8, 10), -8 * HOUR, -7 * HOUR)
    changes(LOS_ANGELES, utc(2026, 11, 1, 9), -7 * HOUR, -8 * HOUR)
    zone = parse(LOS_ANGELES)
    assert zone.is_dst(utc(2026, 7, 1)) is True
    assert zone.is_dst(utc(2026, 12, 31, 23)) is False


def test_london_where_the_last_sunday_is_the_fourth_or_the_fifth():
    for year, day in ((2026, 29), (2027, 28), (2030, 31)):
        changes("GMT0BST,M3.5.0/1,M10.5.0", utc(year, 3, day, 1), 0, HOUR)
    changes("GMT0BST,M3.5.0/1,M10.5.0", utc(2026, 10, 25, 1), HOUR, 0)


def test_the_south_has_summer_at_new_year():
    text = "AEST-10AEDT,M10.1.0,M4.1.0/3"
    changes(text, utc(2026, 4, 4, 16), 11 * HOUR, 10 * HOUR)
    changes(text, utc(2026, 10, 3, 16), 10 * HOUR, 11 * HOUR)
    changes(text, utc(2027, 1, 1), 11 * HOUR, 11 * HOUR)


def test_lord_howe_moves_by_half_an_hour():
    text = "LHST-10:30LHDT-11,M10.1.0,M4.1.0"
    changes(text, utc(2026, 4, 4, 15), 39600, 37800)
    changes(text, utc(2026, 10, 3, 15, 30), 37800, 39600)


def test_ireland_has_its_second_time_in_winter():
    text = "IST-1GMT0,M10.5.0,M3.5.0/1"
    changes(text, utc(2026, 3, 29, 1), 0, HOUR)
    changes(text, utc(2026, 10, 25, 1), HOUR, 0)
    assert parse(text).is_dst(utc(2026, 1, 1))
    assert not parse(text).is_dst(utc(2026, 7, 1))


def test_no_summer_time():
    for text, offset_s in (
        ("<+0330>-3:30", 12600),
        ("<-0330>+3:30:15", -12615),
        ("UTC0", 0),
        ("<+14>-14", 14 * HOUR),
        ("EST24", -DAY),
    ):
        zone = parse(text)
        assert zone.offset_s(utc(2000, 1, 1)) == zone.offset_s(utc(2099, 7, 1)) == offset_s
        assert not zone.is_dst(utc(2026, 7, 1))
        assert zone.next_change_s(utc(2026, 7, 1), utc(2027, 7, 1)) == utc(2027, 7, 1)


def test_days_of_the_year():
    # J60 is 1 March whether or not there is a leap day before it; 59 is 29 February if there is.
    for year in (2026, 2028):
        changes("AAA0BBB,J60/0,J300/0", utc(year, 3, 1), 0, HOUR)
    changes("AAA0BBB,59/0,J300/0", utc(2026, 3, 1), 0, HOUR)
    changes("AAA0BBB,59/0,J300/0", utc(2028, 2, 29), 0, HOUR)
    changes("AAA0BBB,J59/0,J300/0", utc(2028, 2, 28), 0, HOUR)
    changes("AAA0BBB,100,365/0", utc(2028, 12, 30, 23), HOUR, 0)


def test_times_before_midnight_and_beyond_a_day():
    # Nuuk: the Saturday before the last Sunday, at 23:00.
    changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", utc(2026, 3, 29, 1), -2 * HOUR, -HOUR)
    # Gaza as RFC 8536 has it: 50 h after the fourth Thursday begins, Saturday at 02:00.
    changes("EET-2EEST,M3.4.4/50,M10.4.4/50", utc(2026, 3, 28), 2 * HOUR, 3 * HOUR)
    changes("AAA0BBB,M3.2.0/-167:59:59,M10.1.0/167", utc(2026, 3, 1) + 1, 0, HOUR)
    changes("AAA0BBB,M3.2.0/-167:59:59,M10.1.0/167", utc(2026, 10, 10, 22), HOUR, 0)
    # Which may lie in the year before, or after.
    changes("AAA0BBB,0/-100,J180/0", utc(2025, 12, 27, 20), 0, HOUR)
    changes("AAA0BBB,J180/0,J365/100", utc(2027, 1, 4, 3), HOUR, 0)


def test_summer_all_year():
    # RFC 8536 3.3.1: the end meets the start.
    zone = parse("EST5EDT,0/0,J365/25")
    for month in range(1, 13):
        assert zone.offset_s(utc(2026, month, 1)) == -4 * HOUR
    for seconds in (-1, 0, 1):
        assert zone.offset_s(utc(2027, 1, 1, 5) + seconds) == -4 * HOUR


def test_the_next_change():
    zone = parse(LOS_ANGELES)
    spring_s, autumn_s, far_s = utc(2026, 3, 8, 10), utc(2026, 11, 1, 9), utc(2030, 1, 1)
    assert zone.next_change_s(utc(2026, 1, 1), far_s) == spring_s
    assert zone.next_change_s(spring_s - 1, far_s) == spring_s
    assert zone.next_change_s(spring_s, far_s) == autumn_s
    assert zone.next_change_s(autumn_s, autumn_s + 60) == autumn_s + 60


def test_midnight():
    assert parse(LOS_ANGELES).midnight_s(days(2026, 3, 8)) == utc(2026, 3, 8, 8)
    assert parse(LOS_ANGELES).midnight_s(days(2026, 7, 1)) == utc(2026, 7, 1, 7)
    # Santiago's clock jumps from 24:00 to 01:00, and in April back to 23:00 on the same day.
    santiago = parse("<-04>4<-03>,M9.1.6/24,M4.1.6/24")
    assert santiago.midnight_s(days(2026, 9, 6)) == utc(2026, 9, 6, 4)
    assert santiago.midnight_s(days(2026, 4, 5)) == utc(2026, 4, 5, 4)
    # Havana has two midnights in November, an hour apart.
    assert parse("CST5CDT,M3.2.0/0,M11.1.0/1").midnight_s(days(2026, 11, 1)) == utc(2026, 11, 1, 4)


def test_what_is_wrong_is_told():
    for text, told in (
        ("", "TZ '': '' should be a name of three letters or more"),
        ("PS8", "TZ 'PS8': 'PS8' should be a name of three letters or more"),
        ("<+0330-3:30", "'+0330-3:30' should be a name of three letters or more"),
        ("PST", "'' should be hours from 0 to 24"),
        ("PST25", "'25' should be hours from 0 to 24"),
        ("PST8:60", "'60' should be minutes from 0 to 59"),
        ("PST8:00:60", "'60' should be seconds from 0 to 59"),
        ("PST8PDT", "'' should be hours from 0 to 24"),
        ("PST8PDT7", "'' should be a ','"),
        ("PST8PDT,M3.2.0", "'' should be a ','"),
        ("PST8PDT,M13.2.0,M11.1.0", "'13.2.0,M11.1.0' should be month from 1 to 12"),
        ("PST8PDT,M3.6.0,M11.1.0", "'6.0,M11.1.0' should be week from 1 to 5"),
        ("PST8PDT,M3.2.7,M11.1.0", "'7,M11.1.0' should be weekday from 0 to 6"),
        ("PST8PDT,M3.2,M11.1.0", "',M11.1.0' should be a '.'"),
        ("PST8PDT,J0,J300", "'0,J300' should be day from 1 to 365"),
        ("PST8PDT,366,J300", "'366,J300' should be day from 0 to 365"),
        ("PST8PDT,M3.2.0/168,M11.1.0", "'168,M11.1.0' should be hours from 0 to 167"),
        ("PST8PDT,M3.2.0,M11.1.0/2x", "'x' should be the end"),
        ("PST8PDT,M3.2.0,M11.1.0,", "',' should be the end"),
        ("America/Los_Angeles", "'/Los_Angeles' should be hours from 0 to 24"),
        ("P" * 65, "TZ of 65 characters; at most 64"),
    ):
        assert refused(text).endswith(told), (text, refused(text))


def test_a_text_cut_anywhere_is_refused_or_another_zone():
    for text in (LOS_ANGELES, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "AAA0BBB,J60/0:30,365/1:00:01"):
        for length in range(len(text)):
            refused(text[:length])
