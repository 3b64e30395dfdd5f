"""What one channel counted in each period of the tariff; together, exactly what it counted.

An interval goes whole to the period of its start, also where the period changed inside it: periods
change on local hours, so that happens only where the clock is moved by half an hour, or where a
value spans intervals without one. What is not known is never spread; Tariff.next_change_s() tells
the caller that it was so. While the time is not known, the last period goes on.
"""

from lib.tariff import PERIODS_MAX


class PeriodRegisters:
    """One channel, in its base unit.

    opening: the channel's register when this began. totals: what came since, by period. period:
    the last one that was known, 0 before the first.
    """

    def __init__(self, opening: int, totals: list | None = None, period: int = 0):
        self.opening = opening
        self.totals = totals or [0] * PERIODS_MAX
        self.period = period

    def add(self, delta: int, period: int | None) -> bool:
        """Count one interval; period None: the time was invalid. Returns whether the period is
        assumed. ValueError for what no tariff and no interval has.
        """
        if delta < 0 or (period is not None and not 0 <= period < PERIODS_MAX):
            raise ValueError("%s in period %s" % (delta, period))
        if period is not None:
            self.period = period
        self.totals[self.period] += delta
        return period is None

    def register(self) -> int:
        """What the channel's register was at the end of the last interval: by construction the
        opening and all periods; where it differs from the channel's own, the books are wrong.
        """
        return self.opening + sum(self.totals)
