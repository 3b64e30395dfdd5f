"""What each UTC day should have brought of a collector, and what became of it.

Expected is every interval that has ended, of every channel from its first one on. It was received,
perhaps late; or the collector said that it was not measured, or that its record is lost; or
nothing is known of it: missing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from tools.headend.books import Row
from tools.headend.ledger import Ledger
from tools.headend.messages import Event
from tools.headend.utc import utc

DAY_S = 86_400
# A collector tells its status every six hours: what comes later has missed one. What was late is
# late in the morning's report, for a day that ended at midnight.
LATE_HOURS = 6


@dataclass
class Day:
    """Intervals of all channels, which started in one UTC day."""

    day_s: int
    expected: int = 0
    received: int = 0  # with a value
    late: int = 0  # of those received, so many hours after their end, or more
    unmeasured: int = 0  # told, without a value
    lost: int = 0  # within what the collector said it lost
    missing: int = 0

    @property
    def date(self) -> str:
        """`2026-03-08`."""
        return utc(self.day_s).partition(" ")[0]


@dataclass(frozen=True)
class Channel:
    """The intervals of one channel that have a time, and where its records were lost."""

    rows: list[Row]  # in order of time
    lost: list[tuple[int, int]]  # (from_s, to_s)

    def slots(self, from_s: int, to_s: int) -> Iterator[tuple[int, int]]:
        """(start_s, period_s) of what should be there: begun from `from_s`, ended by `to_s`."""
        starts = [row.start_s or 0 for row in self.rows]
        at_s = max(from_s, starts[0])
        while True:
            # The period as it was last, since it may have been changed.
            period_s = self.rows[max(0, bisect_right(starts, at_s) - 1)].period_s
            if at_s + period_s > to_s:
                return
            if at_s % period_s == 0:
                yield at_s, period_s
            at_s += period_s - at_s % period_s


def days(ledger: Ledger, collector: str, from_s: int, to_s: int, late_hours: int) -> list[Day]:
    """One a day from that of `from_s`, as it is at `to_s`."""
    first_s = from_s // DAY_S * DAY_S
    found = {day_s: Day(day_s) for day_s in range(first_s, to_s, DAY_S)}
    events = ledger.events(collector)
    for name in ledger.channels(collector):
        rows = [row for row in ledger.counted(collector, name) if row.start_s is not None]
        if rows:
            channel = Channel(rows, list(_lost(rows, events, to_s)))
            _count(found, channel, first_s, to_s, late_hours * 3600)
    return list(found.values())


def _count(found: dict[int, Day], channel: Channel, from_s: int, to_s: int, late_s: int) -> None:
    told: dict[int, list[Row]] = {}
    for row in channel.rows:
        told.setdefault(row.start_s or 0, []).append(row)
    for start_s, period_s in channel.slots(from_s, to_s):
        day = found[start_s // DAY_S * DAY_S]
        rows = told.get(start_s, [])
        arrivals = [row.received_s for row in rows if row.delta is not None]
        day.expected += 1
        if arrivals:
            day.received += 1
            day.late += max(arrivals) >= start_s + period_s + late_s
        elif rows:
            day.unmeasured += 1
        elif any(since_s <= start_s < until_s for since_s, until_s in channel.lost):
            day.lost += 1
        else:
            day.missing += 1


def _lost(rows: list[Row], events: list[Event], to_s: int) -> Iterator[tuple[int, int]]:
    """When what the collector lost was recorded: between its neighbours in the journal."""
    by_seq = sorted(rows, key=lambda row: row.seq)
    seqs = [row.seq for row in by_seq]
    for event in events:
        if event.type != "records_lost":
            continue
        before = bisect_left(seqs, event.detail["first"]) - 1
        after = bisect_right(seqs, event.detail["last"])
        since_s = (by_seq[before].start_s or 0) + by_seq[before].period_s if before >= 0 else 0
        until_s = by_seq[after].start_s if after < len(seqs) else event.time_s
        yield since_s, to_s if until_s is None else until_s
