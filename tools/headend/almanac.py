"""A tariff as a collector can keep it: for each UTC day of a year and more which row holds, and
in a row which period each quarter-hour is in. No time zone, season or holiday is left to work out:
the board has no room for such a calendar.

    {"v":1,"version":3,"start":1767225600,"days":[5,0,2,1,..],"rows":[[36,0,60,1,..],..],
     "months":[-640,2336,..]}

days: pairs of a count of days and the row that they have. A row: pairs of the quarter-hour,
counted from the UTC midnight, until which a value holds, and the value: the period, or 8 before
the first tariff takes effect; 16 more while daylight saving time is on. months: when the billing
months begin, in quarter-hours from the start. lib/almanac_text.py is what reads it.
"""

import json
import logging
from datetime import UTC, datetime

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from lib.dates import civil
from lib.dates import days as days_of
from lib.tariff import Schedules
from lib.zone import DAY_S
from tools.headend import tariffs
from tools.headend.tariffs import TariffError

log = logging.getLogger(__name__)

DAYS = 430  # a year, and two months in which a new one may fail to come
DAYS_MIN, DAYS_MAX = 230, 800
BYTES_MAX = 1400  # what the collector takes (lib/almanac_text.py), as the next two
ROWS_MAX = 64
MONTHS_MAX = 32
_RUN_MAX = 255
QUARTER_S = 900
NO_TARIFF = 8
DST = 16


def compile(schedules: Schedules, start_s: int, days: int = DAYS, billing_day: int = 1) -> bytes:
    """The almanac from `start_s`, a UTC midnight, for `days`, or fewer where it does not fit, but
    at least 230. TariffError tells in one line what cannot be said in it.
    """
    if start_s % DAY_S or not 1 <= days <= DAYS_MAX or not 1 <= billing_day <= 28:
        raise TariffError(
            f"an almanac from {start_s} for {days} days, billed on day {billing_day}: must begin"
            f" at a UTC midnight, have 1 to {DAYS_MAX} days, and be billed on a day from 1 to 28"
        )
    plan = [_row(schedules, start_s + day * DAY_S) for day in range(days)]
    months = _months(schedules, start_s, start_s + days * DAY_S, billing_day)
    count = days
    while True:
        rows = list(dict.fromkeys(plan[:count]))
        begun = [month_s for month_s in months if month_s < start_s + count * DAY_S]
        text = _text(tariffs.version(schedules), start_s, plan[:count], rows, begun)
        if len(rows) <= ROWS_MAX and len(begun) <= MONTHS_MAX and len(text) <= BYTES_MAX:
            return text
        if count <= DAYS_MIN:
            raise TariffError(
                f"{tariffs.title(schedules)}: {count} days have {len(rows)} different plans and"
                f" take {len(text)} bytes; a collector takes {ROWS_MAX} and {BYTES_MAX}"
            )
        count -= 1


class Almanacs:
    """What a Ledger is given as its `tariff`: the almanac of now, compiled once a day."""

    def __init__(self, schedules: Schedules, billing_day: int = 1) -> None:
        self.schedules = schedules
        self._version = tariffs.version(schedules)
        self._billing_day = billing_day
        self._day = -1
        self._text: bytes | None = None

    def __call__(self, unix_s: int) -> tuple[int, bytes] | None:
        """(version, almanac); None, and a warning once a day, where it cannot be compiled."""
        if self._day != unix_s // DAY_S:
            self._day = unix_s // DAY_S
            try:
                self._text = self.compile(unix_s)
            except TariffError as error:
                self._text = None
                log.warning("no collector is told the tariff: %s", error)
        return None if self._text is None else (self._version, self._text)

    def compile(self, unix_s: int) -> bytes:
        """The almanac from the day before now, since hours may be closed late; or TariffError."""
        return compile(
            self.schedules, (unix_s // DAY_S - 1) * DAY_S, billing_day=self._billing_day
        )


def _row(schedules: Schedules, day_s: int) -> tuple[int, ...]:
    """The pairs of one UTC day."""
    row: list[int] = []
    at_s, end_s = day_s, day_s + DAY_S
    while at_s < end_s:
        value, until_s = _value(schedules, at_s, end_s)
        _check_quarter(schedules, until_s)
        quarter = (until_s - day_s) // QUARTER_S
        if row and row[-1] == value:
            row[-2] = quarter
        else:
            row += quarter, value
        at_s = until_s
    return tuple(row)


def _value(schedules: Schedules, at_s: int, limit_s: int) -> tuple[int, int]:
    """The value of a moment, and until when it holds for certain."""
    place = schedules.at(at_s).zone
    limit_s = place.next_change_s(at_s, limit_s)
    dst = DST * place.is_dst(at_s)
    effective_s = schedules.current.effective_s
    if at_s < effective_s:
        return NO_TARIFF + dst, min(effective_s, limit_s)
    return schedules.at(at_s).period(at_s) + dst, schedules.next_change_s(at_s, limit_s)


def _months(schedules: Schedules, start_s: int, end_s: int, billing_day: int) -> list[int]:
    """Local midnights of the billing day: the last one up to the start, and all before the end."""
    year, month, _ = civil(start_s // DAY_S)
    months = 12 * year + month - 3  # counted from 0; two back, the first lies before the start
    found: list[int] = []
    while True:
        day = days_of(months // 12, months % 12 + 1, billing_day)
        month_s = schedules.at(day * DAY_S).zone.midnight_s(day)
        if month_s >= end_s:
            return found
        if month_s <= start_s:
            found.clear()
        _check_quarter(schedules, month_s)
        found.append(month_s)
        months += 1


def _check_quarter(schedules: Schedules, change_s: int) -> None:
    if change_s % QUARTER_S:
        when = datetime.fromtimestamp(change_s, UTC).strftime("%Y-%m-%d %H:%M:%S")
        raise TariffError(
            f"{tariffs.title(schedules)}: changes at {when} UTC, which is not on a quarter-hour;"
            " a collector can only change on one"
        )


def _text(
    version: int,
    start_s: int,
    plan: list[tuple[int, ...]],
    rows: list[tuple[int, ...]],
    months: list[int],
) -> bytes:
    data = {
        "v": 1,
        "version": version,
        "start": start_s,
        "days": _runs([rows.index(row) for row in plan]),
        "rows": rows,
        "months": [(month_s - start_s) // QUARTER_S for month_s in months],
    }
    return json.dumps(data, separators=(",", ":")).encode()


def _runs(places: list[int]) -> list[int]:
    """Pairs of a count and what comes so often; a count fits a byte."""
    runs: list[int] = []
    for place in places:
        if runs and runs[-1] == place and runs[-2] < _RUN_MAX:
            runs[-2] += 1
        else:
            runs += 1, place
    return runs
