"""A tariff's message: what it becomes, and that each mistake is told by its key."""

from lib import urdb
from lib.dates import days
from tests.lib.e1_tou import message


def utc(year, month, day, hour):
    return days(year, month, day) * 86400 + hour * 3600


def refused(**changes):
    try:
        urdb.load(message(**changes))
    except ValueError as error:
        return str(error)
    return "taken"


def test_equal_rows_are_kept_once():
    plan = [[(month + hour) % 3 for hour in range(24)] for month in range(12)]
    tariff = urdb.load(message(tz="UTC0", energyweekdayschedule=plan, energyweekendschedule=plan))
    assert len(tariff._rows) == 3 * 24
    for month in range(12):
        periods = [tariff.period(utc(2026, month + 1, 20, hour)) for hour in range(24)]
        assert periods == plan[month]
    assert len(urdb.load(message())._rows) == 24


def test_when_it_takes_effect():
    assert urdb.load(message(effective="2026-07-01")).effective_s == utc(2026, 7, 1, 7)
    assert urdb.load(message(effective="2026-12-01")).effective_s == utc(2026, 12, 1, 8)
    assert urdb.load(message(effective=1780000000)).effective_s == 1780000000


def test_what_is_wrong_is_told():
    short, wrong, row = [[0] * 24] * 11, [[0] * 24] * 11 + [[0] * 23 + [3]], [0] * 24
    for changes, told in (
        ({"name": ""}, "name: must be a text of 1 to 32 characters"),
        ({"name": 5}, "name: must be a text of 1 to 32 characters"),
        ({"version": 0}, "version: must be an integer from 1 to 1073741823"),
        ({"version": True}, "version: must be an integer from 1 to 1073741823"),
        ({"version": None}, "version: missing"),
        ({"holidays": None}, "holidays: missing"),
        ({"holiday": []}, "holiday: unknown key"),
        ({"tz": "PST"}, "tz: TZ 'PST': '' should be hours from 0 to 24"),
        ({"tz": 8}, "tz: must be a text"),
        ({"effective": "07-01"}, "effective: '07-01' has no year"),
        ({"effective": "2026-02-29"}, "effective: '2026-02-29' is no date MM-DD or YYYY-MM-DD"),
        ({"effective": 5}, "effective: must be YYYY-MM-DD or unix seconds, from 2000 to 2099"),
        ({"effective": []}, "effective: must be YYYY-MM-DD or unix seconds, from 2000 to 2099"),
        ({"periods": []}, "periods: must be 1 to 8 names"),
        ({"periods": [str(n) for n in range(9)]}, "periods: must be 1 to 8 names"),
        ({"periods": ["a", "b", "a"]}, "periods: the same name twice"),
        ({"periods": ["a", ""]}, "periods: must be a text of 1 to 32 characters"),
        ({"holidays": ["01-01"] * 41}, "holidays: must be a list of at most 40 dates"),
        ({"holidays": ["13-01"]}, "holidays: '13-01' is no date MM-DD or YYYY-MM-DD"),
        ({"holidays": ["02-30"]}, "holidays: '02-30' is no date MM-DD or YYYY-MM-DD"),
        ({"holidays": ["1-1"]}, "holidays: '1-1' is no date MM-DD or YYYY-MM-DD"),
        ({"holidays": ["+1-01"]}, "holidays: '+1-01' is no date MM-DD or YYYY-MM-DD"),
        ({"holidays": [101]}, "holidays: '101' is no date MM-DD or YYYY-MM-DD"),
        (
            {"energyweekendschedule": [[0] * 23 + [True]] * 12},
            "energyweekendschedule: month 1: True is no period's number",
        ),
        ({"energyweekendschedule": short}, "energyweekendschedule: must be 12 lists, one a month"),
        (
            {"energyweekdayschedule": short + [row + [0]]},
            "energyweekdayschedule: month 12 must be a list of 24 numbers",
        ),
        (
            {"energyweekdayschedule": wrong},
            "energyweekdayschedule: month 12: 3 is no period's number",
        ),
    ):
        assert refused(**changes) == told, refused(**changes)
    assert refused(holidays=["02-29"] * 40, periods=[str(n) for n in range(8)]) == "taken"
