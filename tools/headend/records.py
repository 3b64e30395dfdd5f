"""Intervals and events as they were received: each once, under its place in the journal."""

import json
from collections.abc import Sequence
from typing import Any

from tools.headend.books import Row
from tools.headend.database import Database
from tools.headend.messages import Event, Interval
from tools.headend.schema import STARTS

_CONTENT = "boot, {}, period_s, open, delta, quality"
_OPEN = 3  # its place there


class Records:
    """Plain reads and writes; no rules. Write only what is of a collector that was claimed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def units(self, collector: str) -> dict[str, str]:
        """Unit by channel, in order of name."""
        sql = "SELECT channel, unit FROM channels WHERE collector = ?"
        found = self._db.select(sql, (collector,))
        return dict(sorted((channel, unit) for channel, unit in found))

    def add_units(self, collector: str, units: dict[str, str]) -> None:
        """Channels that were not known."""
        self._db.insert("channels", [(collector, *unit) for unit in units.items()])

    def add_intervals(
        self,
        collector: str,
        intervals: Sequence[Interval],
        historical: bool,
        received_s: int,
    ) -> dict[tuple[str, int], tuple[Any, ...]]:
        """Store those of one message that are new. Returns what is there under the keys of the
        others, by channel and seq.
        """
        if not intervals:
            return {}
        table = "boot_intervals" if intervals[0].since_boot else "intervals"
        channels = sorted({interval.channel for interval in intervals})
        seqs = [interval.seq for interval in intervals]
        found = self._db.select(
            f"SELECT channel, seq, {_CONTENT.format(STARTS[table])} FROM {table} WHERE collector"
            f" = ? AND channel IN ({', '.join('?' * len(channels))}) AND seq BETWEEN ? AND ?",
            (collector, *channels, min(seqs), max(seqs)),
        )
        there = {(channel, seq): kept for channel, seq, *kept in found}
        rows = [
            (collector, *key, *content(interval), int(historical), received_s)
            for interval in intervals
            if (key := (interval.channel, interval.seq)) not in there
        ]
        self._db.insert(table, rows)
        return {key: tuple(kept) for key, kept in there.items()}

    def add_events(
        self, collector: str, events: Sequence[Event], received_s: int
    ) -> dict[int, tuple[Any, ...]]:
        """Store those that are new. Returns what is there under the seq of the others."""
        if not events:
            return {}
        found = self._db.select(
            "SELECT seq, boot, time_s, type, detail FROM events WHERE collector = ? AND seq"
            " BETWEEN ? AND ?",
            (collector, events[0].seq, events[-1].seq),
        )
        there = {seq: tuple(kept) for seq, *kept in found}
        rows = [
            (collector, event.seq, *event_content(event), received_s)
            for event in events
            if event.seq not in there
        ]
        self._db.insert("events", rows)
        return there

    def add_conflict(
        self, collector: str, seq: int, channel: str, kept: str, refused: str, received_s: int
    ) -> None:
        """Remember, once, what was refused in favour of what."""
        key = (collector, seq, channel)
        sql = "SELECT refused FROM conflicts WHERE collector = ? AND seq = ? AND channel = ?"
        if (refused,) not in self._db.select(sql, key):
            self._db.insert("conflicts", [(*key, kept, refused, received_s)])

    def conflicts(self, collector: str) -> list[tuple[int, str, str, str]]:
        """(seq, channel, kept, refused) of every conflict."""
        sql = (
            "SELECT seq, channel, kept, refused FROM conflicts WHERE collector = ?"
            " ORDER BY seq, channel"
        )
        return [(seq, *texts) for seq, *texts in self._db.select(sql, (collector,))]

    def rows(self, collector: str, channel: str) -> list[Row]:
        """The intervals of a channel in order of seq."""
        sql = (
            "SELECT seq, start_s, period_s, open, delta, quality, received_s FROM intervals"
            " WHERE collector = ? AND channel = ?"
        )
        found = [Row(*values) for values in self._db.select(sql, (collector, channel))]
        found += self._boot_rows(collector, channel)
        return sorted(found, key=lambda row: row.seq)

    def _boot_rows(self, collector: str, channel: str) -> list[Row]:
        """The intervals that were told in seconds since a boot, placed in time where that boot has
        learned it: by the last time it was set.
        """
        sql = (
            "SELECT boot, seq, since_boot_s, period_s, open, delta, quality, received_s FROM"
            " boot_intervals WHERE collector = ? AND channel = ?"
        )
        told = self._db.select(sql, (collector, channel))
        booted_s = self._booted_s(collector) if told else {}
        return [
            Row(seq, booted_s[boot] + since_s if boot in booted_s else None, *content)
            for boot, seq, since_s, *content in told
        ]

    def _booted_s(self, collector: str) -> dict[int, int]:
        """When each boot was that has learned the time, in unix seconds."""
        return {
            event.boot: event.time_s - event.detail["uptime_s"]
            for event in self.events(collector)
            if event.type == "clock_set"
            and event.time_s is not None
            and isinstance(event.detail.get("uptime_s"), int)
        }

    def events(self, collector: str) -> list[Event]:
        """The events in order of seq."""
        sql = "SELECT seq, boot, time_s, type, detail FROM events WHERE collector = ? ORDER BY seq"
        return [
            Event(seq, boot, time_s, name, json.loads(detail))
            for seq, boot, time_s, name, detail in self._db.select(sql, (collector,))
        ]

    def received_between(self, collector: str, first: int, last: int) -> int:
        """How many sequence numbers first..last arrived in any form."""
        seqs = [
            f"SELECT seq FROM {table} WHERE collector = ? AND seq BETWEEN ? AND ?"
            for table in (*STARTS, "events")
        ]
        sql = f"SELECT count(*) FROM ({' UNION '.join(seqs)}) AS received"
        return self._db.select(sql, (collector, first, last) * len(seqs))[0][0]


def content(interval: Interval, kept: tuple[Any, ...] | None = None) -> tuple[Any, ...]:
    """What two copies of one interval must agree on. Beside a copy that is `kept`: where one of
    the two does not know the register, since what came before was damaged in one reading of the
    flash, it does not contradict the other.
    """
    register = interval.open
    if kept and None in (kept[_OPEN], register):
        register = kept[_OPEN]
    return (
        interval.boot,
        interval.start_s,
        interval.period_s,
        register,
        interval.delta,
        interval.quality,
    )


def event_content(event: Event) -> tuple[Any, ...]:
    """What two copies of one event must agree on."""
    return event.boot, event.time_s, event.type, json.dumps(event.detail, sort_keys=True)
