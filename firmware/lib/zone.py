"""Local time of one place: all that the board has of it.

A zone is an offset from UTC and, where there is summer time, the two moments of the year at which
it changes (lib/posix_tz.py makes one from its text). Integers only; good for 2000 to 2100.

Days are counted from 1970-01-01 (lib/dates.py); `unix_s` is UTC.
"""

from lib.dates import civil, days, weekday

DAY_S = 86400


def _moment_s(rule: tuple, year: int) -> int:
    """A rule's moment in `year`, in local seconds since 1970."""
    month, week, day, time_s = rule
    if week == 0:
        return days(year, month, day) * DAY_S + time_s
    found = days(year, month, 1)
    found += (day - weekday(found)) % 7 + 7 * (week - 1)
    if civil(found)[1] != month:  # no fifth one: the last
        found -= 7
    return found * DAY_S + time_s


class Zone:
    """Offsets in seconds east of UTC. start and end of summer time: (month, week, weekday, s), the
    seconds from midnight by the clock that runs until then; with week 0, the day of the month
    stands for the weekday.
    """

    def __init__(self, std_s: int, dst_s: int = 0, start: tuple = (), end: tuple = ()):
        self._std_s = std_s
        self._dst_s = dst_s
        self._changes = ((start, std_s, 1), (end, dst_s, 0)) if start else ()
        self._since_s = self._until_s = 0
        self._is_dst = False

    def offset_s(self, unix_s: int) -> int:
        """Local time less UTC."""
        return self._dst_s if self.is_dst(unix_s) else self._std_s

    def is_dst(self, unix_s: int) -> bool:
        """Whether the zone's second time is in force: in Ireland, by law, that is winter's."""
        if self._changes and not self._since_s <= unix_s < self._until_s:
            self._look_up(unix_s)
        return self._is_dst

    def next_change_s(self, unix_s: int, limit_s: int) -> int:
        """When the local clock is next moved, after `unix_s`; `limit_s` where that is later."""
        self.is_dst(unix_s)
        return min(self._until_s, limit_s) if self._changes else limit_s

    def midnight_s(self, day: int) -> int:
        """When a local day begins: at the first of two midnights; where the clock jumps over
        midnight, at that of the old time.
        """
        moments = [day * DAY_S - offset_s for offset_s in (self._std_s, self._dst_s)]
        moments.sort()
        for moment_s in moments:
            if moment_s + self.offset_s(moment_s) == day * DAY_S:
                return moment_s
        return moments[1]

    def _look_up(self, unix_s: int) -> None:
        """Find the changes around `unix_s`. One may lie a week outside its year; and where an end
        meets the next start, it is summer all year (RFC 8536 3.3.1): the start sorts last.
        """
        year = civil(unix_s // DAY_S)[0]
        changes = []
        for each in range(year - 2, year + 3):
            for rule, offset_s, is_dst in self._changes:
                changes.append((_moment_s(rule, each) - offset_s, is_dst))
        changes.sort()
        for moment_s, is_dst in changes:
            self._until_s = moment_s
            if moment_s > unix_s:
                break
            self._since_s, self._is_dst = moment_s, bool(is_dst)
