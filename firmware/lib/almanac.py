"""The almanac: in which period of the tariff every quarter-hour of the coming year is, and when
its billing months begin.

Whoever has room for calendars and time zones makes it (lib/tariff.py, tools/headend/almanac.py);
here is only what a board needs to look a moment up. Days are UTC's, so nothing local is left in
it. lib/almanac_text.py makes one of its text.
"""

NO_TARIFF = 8  # instead of a period: none is in force, or no single one
DST = 16  # added to a period: daylight saving time is on
QUARTER_S = 900
DAY_S = 86400


class Almanac:
    """version, start_s: which tariff, and since when, UTC. until_s: to when it reaches.

    days: pairs of bytes, so many days with that row. rows: per row pairs of bytes, quarter-hours
    from midnight and the period that lasts until then. months: when they begin, in quarter-hours
    from `start_s`, rising.
    """

    def __init__(self, version: int, start_s: int, days: bytes, rows: list, months: list):
        self.version = version
        self.start_s = start_s
        self.until_s = start_s + sum(days[i] for i in range(0, len(days), 2)) * DAY_S
        self._days = days
        self._rows = rows
        self._months = months

    def value(self, start_s: int, period_s: int) -> int | None:
        """The period of an interval, plus DST; NO_TARIFF where it changes in it. None: beyond what
        is known.
        """
        first = (start_s - self.start_s) // QUARTER_S
        found = self._quarter(first)
        for quarter in range(first + 1, first + period_s // QUARTER_S):
            value = self._quarter(quarter)
            if found is not None and (value is None or (value ^ found) & ~DST):
                return NO_TARIFF | found & DST
        return found

    def month_s(self, unix_s: int) -> int:
        """When the billing month of a moment began; 0: not known."""
        quarter = (unix_s - self.start_s) // QUARTER_S
        began = [month for month in self._months if month <= quarter]
        return self.start_s + began[-1] * QUARTER_S if began else 0

    def _quarter(self, quarter: int) -> int | None:
        day, quarter = divmod(quarter, DAY_S // QUARTER_S)
        days, place = self._days, 0
        if day < 0:
            return None
        while place < len(days):
            day -= days[place]
            if day < 0:
                return self._in_row(self._rows[days[place + 1]], quarter)
            place += 2
        return None

    def _in_row(self, row: bytes, quarter: int) -> int:
        place = 0
        while row[place] <= quarter:
            place += 2
        return row[place + 1]
