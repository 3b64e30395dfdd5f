"""Keeps the registers by period and the demand, interval by interval."""

import once
from lib import events
from lib.almanac import DST, NO_TARIFF
from lib.quality import DST as DST_FLAG
from lib.tally import NONE

_DAY_S = 86400


class Rates:
    """tally: the registers by period. demand: the highest of the month; None where intervals are
    too long for it. almanac: what the head-end told of the tariff; None while there is none.
    stored: where it lies in the journal (rates/shelf.py).
    """

    def __init__(self, books, journal, restored: tuple):
        """restored: what rates/restore.py found."""
        self._books = books
        self._journal = journal
        self.tally, self.demand, self.stored, self.almanac = restored

    def before(self, start_s: int, period_s: int, is_timed) -> int:
        """An interval is about to be stored: tell of the period and of the month that begin with
        it. Its quality flags, by the tariff's place. is_timed: `start_s` is UTC.
        """
        tally, almanac = self.tally, self.almanac
        period, since_s, version, assumed = tally.now[0], 0, 0, 1
        value, is_apart = None, False
        if almanac:
            version = almanac.version
            value = almanac.value(start_s, period_s) if is_timed else None
        if value is not None:
            is_apart = self._is_apart(start_s, value)
            # a gap that the period covers is of it: the power was out when it began
            since_s = start_s if is_apart else min(start_s, self._books.closed_s())
            period, assumed = value & ~DST, 0
            if period == NO_TARIFF:
                period = NONE
            if self.demand:
                self._begin_month(almanac.month_s(start_s))
        now = (period, since_s, version, assumed)
        is_new = (period, version, assumed) != (tally.now[0], tally.now[2], tally.now[3])
        if (is_new or is_apart) and self._books.event(events.TARIFF_PERIOD, now + self.stored):
            tally.now = now
        return DST_FLAG if value is not None and value & DST else 0

    def counted(self, interval) -> None:
        """A lib.frame.Interval is in flash."""
        self.tally.count(interval.end_s(), interval.deltas)
        if self.demand:
            self.demand.count(interval, self._books.closed_registers())
        if not (interval.start_s + interval.period_s) % _DAY_S:
            from rates import tell

            once.forget("rates.tell")
            tell.run(self, self._books, self._journal)

    def offer(self, text: memoryview) -> bool:
        """An almanac has come: it is taken, or refused whole. Whether another one is here now."""
        from rates import offer

        once.forget("rates.offer")
        return offer.take(self, self._books, self._journal, text)

    def figures(self) -> tuple:
        """(name, integer) pairs for the status message, by which the head-end sees whether this
        collector needs an almanac.
        """
        almanac = self.almanac
        until_s = almanac.until_s if almanac else 0
        return ("tariff", almanac.version if almanac else 0), ("tariff_until", until_s)

    def _is_apart(self, start_s: int, value: int) -> bool:
        """Whether another period lies between the last interval and the one that starts then."""
        closed_s = self._books.closed_s()
        gap_s = start_s - closed_s
        if gap_s <= 0:
            return False
        between = self.almanac.value(closed_s, gap_s) if gap_s <= _DAY_S else None
        return between is None or bool((between ^ value) & ~DST)

    def _begin_month(self, month_s: int) -> None:
        told = self.demand.told
        if month_s != told[0]:
            if told[0]:
                self._books.event(events.DEMAND, tuple(told))
            if self._books.event(events.DEMAND, (month_s, 0, 0, 0, 0, 0)):
                self.demand.begin(month_s)
