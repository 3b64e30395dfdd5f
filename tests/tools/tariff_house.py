"""A collector that keeps registers by period, as far as the head-end sees it: by the wall clock of
the standard library's time zones.
"""

from zoneinfo import ZoneInfo

from tests.tools.deliveries import HOUR_S, NOW_S, day_closed, events, intervals, water
from tests.tools.rate_plans import city, wall_clock
from tools.headend.ledger import Ledger

PACIFIC = ZoneInfo("America/Los_Angeles")
START_S = 1_772_755_200  # 2026-03-06 00:00 UTC; the clock is moved on the 8th
DAY_S = 24 * HOUR_S
RECORDS = 28  # of a day: 24 intervals, a period, what its end has
OFF, SUPER_OFF, PEAK, APART = 0, 1, 2, 8
WATER = 2  # its number in the events


class House:
    """A collector's journal, day by day; it meters water, another amount each hour."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.plan = city()
        self.day = 0
        self.register = 1000
        self.amounts = [0] * 8 + [1000]

    def live(self, assumed: int = 0, detail: dict | None = None, **misplaced: int) -> None:
        """A day. assumed: as its `tariff_period` says. detail: of `period_registers`, changed.
        misplaced: where the collector counts an hour (h22) that belongs elsewhere.
        """
        seq, start_s = RECORDS * self.day, START_S + DAY_S * self.day
        self.tell(seq, start_s, ("tariff_period", self._period(assumed)))
        deltas = [1 + (self.day * 24 + hour) ** 2 for hour in range(24)]
        message = intervals(
            seq + 1,
            seq + 25,
            list(range(seq + 2, seq + 26)),
            water(self.register, *deltas),
            start=start_s,
        )
        self.ledger.receive("ami/h1/intervals", message, NOW_S)
        for hour, delta in enumerate(deltas):
            where = wall_clock(self.plan, PACIFIC, start_s + hour * HOUR_S)[0]
            self.amounts[misplaced.get(f"h{hour}", where)] += delta
        self.register += sum(deltas)
        end_s = start_s + DAY_S
        self.tell(seq + 25, end_s, day_closed(self.register))
        self.tell(seq + 26, end_s, ("period_registers", self.registers() | (detail or {})))
        self.tell(seq + 27, end_s, ("tariff_period", self._period(0)))
        self.day += 1

    def tell(self, after: int, time_s: int, *entries: tuple[str, dict]) -> None:
        numbered = [(after + 1 + i, *entry) for i, entry in enumerate(entries)]
        message = events(after, after + len(numbered), *numbered, time_s=time_s)
        self.ledger.receive("ami/h1/events", message, NOW_S)

    def _period(self, assumed: int) -> dict:
        return {"period": OFF, "start": START_S, "version": 1, "assumed": assumed}

    def registers(self) -> dict:
        """As the firmware: without the zeros at the end."""
        told = {"channel": WATER, "register": self.register, "apart": self.amounts[APART]}
        told["until"] = START_S + DAY_S * (self.day + 1)
        last = max((i for i in range(8) if self.amounts[i]), default=-1)
        return told | {f"p{i}": self.amounts[i] for i in range(last + 1)}
