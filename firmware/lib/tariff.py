"""Which period of a tariff a moment is in: by local hour, month, and weekday or weekend.

The plan is that of OpenEI's Utility Rate Database: a period's number for each of 12 months and 24
hours, once for weekdays, once for weekends; lib/urdb.py makes a tariff of its text. Hours are
local ones: one that a change of the clock repeats counts twice, one that it skips not at all.
"""

from lib import dates
from lib.zone import DAY_S

PERIODS_MAX = 8
_HOUR_S = 3600


def holiday(year: int, month: int, day: int) -> int:
    """A date as Tariff keeps it; year 0 is every year."""
    return year << 9 | month << 5 | day


class Tariff:
    """One tariff.

    effective_s: when it takes effect, in unix seconds. names: of its periods.
    plan: which of the rows a month uses, 12 for weekdays, then 12 for weekends.
    rows: the different rows of 24 hours, one after the other.
    holidays: dates, as holiday() has them, that are as a weekend.
    """

    def __init__(self, name, version, effective_s, names, place, plan, rows, holidays):
        self.name = name
        self.version = version
        self.effective_s = effective_s
        self.names = names
        self.zone = place
        self.holidays = holidays
        self._plan = plan
        self._rows = rows
        self._day = self._row = -1

    def period(self, unix_s: int) -> int:
        """Number of the period."""
        day, second = divmod(unix_s + self.zone.offset_s(unix_s), DAY_S)
        if day != self._day:
            self._day, self._row = day, self._row_of(day)
        return self._rows[self._row + second // _HOUR_S]

    def next_change_s(self, unix_s: int, limit_s: int) -> int:
        """First moment after `unix_s` that is in another period; `limit_s` when none is before."""
        period = self.period(unix_s)
        while unix_s < limit_s:
            hour_s = unix_s + _HOUR_S - (unix_s + self.zone.offset_s(unix_s)) % _HOUR_S
            unix_s = self.zone.next_change_s(unix_s, hour_s)
            if self.period(unix_s) != period:
                break
        return min(unix_s, limit_s)

    def _row_of(self, day: int) -> int:
        """Where the row of a day begins."""
        year, month, day_of_month = dates.civil(day)
        is_weekend = (
            dates.weekday(day) in (0, 6)
            or holiday(0, month, day_of_month) in self.holidays
            or holiday(year, month, day_of_month) in self.holidays
        )
        return 24 * self._plan[month - 1 + 12 * is_weekend]


class Schedules:
    """The current tariff, and at most one that waits for its date."""

    def __init__(self, current: Tariff, following: Tariff | None = None):
        self.current = current
        self.following = following

    def at(self, unix_s: int) -> Tariff:
        """The tariff of a moment. Intervals may be closed late, so ask with their start; none of
        before the change is charged by the tariff of after it.
        """
        if self.following is not None and unix_s >= self.following.effective_s:
            return self.following
        return self.current

    def next_change_s(self, unix_s: int, limit_s: int) -> int:
        """First moment after `unix_s` in another period or tariff, or `limit_s`."""
        tariff = self.at(unix_s)
        if self.following is not None and tariff is not self.following:
            limit_s = min(limit_s, self.following.effective_s)
        return tariff.next_change_s(unix_s, limit_s)

    def offer(self, tariff: Tariff, unix_s: int) -> None:
        """Take a new tariff; it takes effect at its date, now where that is past. A newer version
        replaces one that waits for the same date or a later one. ValueError when it is refused.
        """
        newest = self.following or self.current
        if tariff.version <= newest.version:
            raise ValueError(
                "version: %d is not above %d, which is here" % (tariff.version, newest.version)
            )
        current = self.at(unix_s)
        if newest is not current and tariff.effective_s > newest.effective_s:
            raise ValueError("effective: version %d waits for an earlier date" % newest.version)
        self.current, self.following = current, tariff
