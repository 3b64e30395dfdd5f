"""Tariffs for tests, and their periods by the wall clock of the standard library's time zones."""

from datetime import datetime
from zoneinfo import ZoneInfo

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from lib import urdb
from lib.tariff import Schedules, Tariff
from tests.lib.e1_tou import message

# A place, and its rule as a tariff says it.
ZONES = {
    "America/Los_Angeles": "PST8PDT,M3.2.0,M11.1.0",
    "Europe/London": "GMT0BST,M3.5.0/1,M10.5.0",
    "Australia/Sydney": "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Australia/Lord_Howe": "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "Asia/Kathmandu": "<+0545>-5:45",
}
NAMES = ["off-peak", "super off-peak", "peak"]
HOLIDAYS = ["01-01", "07-04", "12-25", "2026-05-25", "2026-09-07", "2026-11-26"]


def city(zone: str = "America/Los_Angeles", **changes) -> dict:
    """E-1-TOU as JSON, at another place."""
    return message(**{"tz": ZONES[zone]} | changes)


def seasonal(zone: str = "America/Los_Angeles", **changes) -> dict:
    """Two seasons, other weekends, holidays: as most of California's rates are."""
    winter = [1] * 6 + [0] * 11 + [2] * 3 + [0] * 4
    summer = [0] * 16 + [2] * 5 + [0] * 3
    weekend = [0] * 9 + [1] * 5 + [0] * 10
    weekdays = [summer if month in range(6, 10) else winter for month in range(1, 13)]
    plans = {"energyweekdayschedule": weekdays, "energyweekendschedule": [weekend] * 12}
    return city(zone, **plans | {"holidays": HOLIDAYS} | changes)


def schedules(*plans: dict) -> Schedules:
    """What a tool makes of one or two files."""
    return Schedules(*map(urdb.load, plans))


def tariff(plan: dict) -> Tariff:
    """One of them."""
    return urdb.load(plan)


def wall_clock(plan: dict, zone: ZoneInfo, unix_s: int) -> tuple[int, bool]:
    """The period of a moment, and whether daylight saving time is on."""
    local = datetime.fromtimestamp(unix_s, zone)
    dates = (local.strftime("%m-%d"), local.strftime("%Y-%m-%d"))
    is_free = local.weekday() >= 5 or any(date in plan["holidays"] for date in dates)
    kind = "energyweekendschedule" if is_free else "energyweekdayschedule"
    return plan[kind][local.month - 1][local.hour], bool(local.dst())
