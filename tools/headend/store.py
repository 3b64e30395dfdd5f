"""The tables of the head-end in SQLite, and the plain reads and writes on them; no rules."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from tools.headend.books import Row
from tools.headend.messages import Event, Interval, Status
from tools.headend.schema import SCHEMA, STARTS
from tools.headend.watermark import Stretch

_BUSY_TIMEOUT_S = 30.0
# One row per insertion, so that a double shows as 0 changed rows.
_INSERT_INTERVAL = "INSERT OR IGNORE INTO {} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT_INTERVAL = (
    "SELECT boot, {}, period_s, open, delta, quality FROM {}"
    " WHERE collector = ? AND channel = ? AND seq = ?"
)


class StoreError(Exception):
    """The database can not be used; the text says why, in one line."""


class Store:
    """One database. `path` ':memory:' keeps nothing."""

    def __init__(self, path: Path | str) -> None:
        try:
            self.db = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
            self.db.execute("PRAGMA journal_mode = WAL")
            # FULL: a commit is on the disk when it returns; only then may it be acknowledged.
            self.db.execute("PRAGMA synchronous = FULL")
            self.db.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}; give a file that can be written") from error

    def add_collector(self, collector: str) -> None:
        """Make sure it has a row."""
        self.db.execute("INSERT OR IGNORE INTO collectors (collector) VALUES (?)", (collector,))

    def collector(self, collector: str) -> dict[str, Any]:
        """Its row; empty when it is not known."""
        cursor = self.db.execute("SELECT * FROM collectors WHERE collector = ?", (collector,))
        row = cursor.fetchone()
        return (
            dict(zip((name for name, *_ in cursor.description), row, strict=True)) if row else {}
        )

    def collectors(self) -> list[str]:
        """Every collector that was heard of, in order of name."""
        return [row[0] for row in self.db.execute("SELECT collector FROM collectors ORDER BY 1")]

    def add(self, collector: str, column: str, count: int) -> None:
        """Raise a counter of the collector."""
        self.db.execute(
            f"UPDATE collectors SET {column} = {column} + ? WHERE collector = ?",
            (count, collector),
        )

    def refuse(self, collector: str, reason: str) -> None:
        """Count a refused message and keep the last reason."""
        self.add(collector, "refused", 1)
        self.db.execute(
            "UPDATE collectors SET refused_last = ? WHERE collector = ?", (reason, collector)
        )

    def set_watermark(self, collector: str, watermark: int) -> None:
        """Received without a hole up to here."""
        self.db.execute(
            "UPDATE collectors SET watermark = ? WHERE collector = ?", (watermark, collector)
        )

    def set_status(self, status: Status, received_s: int) -> None:
        """The last birth or will."""
        self.db.execute(
            "UPDATE collectors SET online = ?, boot = ?, status = ?, status_received_s = ?"
            " WHERE collector = ?",
            (status.online, status.boot, json.dumps(status.detail), received_s, status.collector),
        )

    def stretches(self, collector: str, kind: str) -> list[Stretch]:
        """The stretches `waiting` beyond a hole, or `adopted`, in order."""
        return self.db.execute(
            "SELECT after, upto FROM stretches WHERE collector = ? AND kind = ? ORDER BY after",
            (collector, kind),
        ).fetchall()

    def set_stretches(self, collector: str, kind: str, stretches: list[Stretch]) -> None:
        """Replace them."""
        self.db.execute(
            "DELETE FROM stretches WHERE collector = ? AND kind = ?", (collector, kind)
        )
        self.db.executemany(
            "INSERT INTO stretches VALUES (?, ?, ?, ?)",
            [(collector, kind, after, upto) for after, upto in stretches],
        )

    def units(self, collector: str) -> dict[str, str]:
        """Unit by channel, in order of name."""
        return dict(
            self.db.execute(
                "SELECT channel, unit FROM channels WHERE collector = ? ORDER BY channel",
                (collector,),
            )
        )

    def add_unit(self, collector: str, channel: str, unit: str) -> None:
        """A channel that was not known."""
        self.db.execute("INSERT INTO channels VALUES (?, ?, ?)", (collector, channel, unit))

    def add_interval(
        self, collector: str, interval: Interval, historical: bool, received_s: int
    ) -> tuple[Any, ...] | None:
        """Store it; the content that was there already under its key, or None when it was new."""
        key = (collector, interval.channel, interval.seq)
        table = "boot_intervals" if interval.since_boot else "intervals"
        values = key + content(interval) + (historical, received_s)
        if self.db.execute(_INSERT_INTERVAL.format(table), values).rowcount:
            return None
        return self.db.execute(_SELECT_INTERVAL.format(STARTS[table], table), key).fetchone()

    def add_event(self, collector: str, event: Event, received_s: int) -> tuple[Any, ...] | None:
        """Store it; the content that was there already under its key, or None when it was new."""
        values = (collector, event.seq, *event_content(event), received_s)
        sql = "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"
        if self.db.execute(sql, values).rowcount:
            return None
        sql = "SELECT boot, time_s, type, detail FROM events WHERE collector = ? AND seq = ?"
        return self.db.execute(sql, values[:2]).fetchone()

    def add_conflict(
        self, collector: str, seq: int, channel: str, kept: str, refused: str, received_s: int
    ) -> None:
        """Remember, once, what was refused in favour of what."""
        self.db.execute(
            "INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?, ?, ?, ?)",
            (collector, seq, channel, kept, refused, received_s),
        )

    def conflicts(self, collector: str) -> list[tuple[int, str, str, str]]:
        """(seq, channel, kept, refused) of every conflict."""
        sql = "SELECT seq, channel, kept, refused FROM conflicts WHERE collector = ?"
        return self.db.execute(sql, (collector,)).fetchall()

    def rows(self, collector: str, channel: str) -> list[Row]:
        """The intervals of a channel in order of seq."""
        sql = (
            "SELECT seq, start_s, period_s, open, delta, quality FROM intervals"
            " WHERE collector = ? AND channel = ?"
        )
        found = [Row(*values) for values in self.db.execute(sql, (collector, channel))]
        found += self._boot_rows(collector, channel)
        return sorted(found, key=lambda row: row.seq)

    def _boot_rows(self, collector: str, channel: str) -> list[Row]:
        """The intervals that were told in seconds since a boot, placed in time where that boot has
        learned it: by the last time it was set.
        """
        sql = (
            "SELECT boot, seq, since_boot_s, period_s, open, delta, quality FROM boot_intervals"
            " WHERE collector = ? AND channel = ?"
        )
        told = self.db.execute(sql, (collector, channel)).fetchall()
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
            for seq, boot, time_s, name, detail in self.db.execute(sql, (collector,))
        ]

    def received_between(self, collector: str, first: int, last: int) -> int:
        """How many sequence numbers first..last arrived in any form."""
        sql = (
            "SELECT count(*) FROM (SELECT seq FROM intervals WHERE collector = :c AND seq"
            " BETWEEN :a AND :b UNION SELECT seq FROM boot_intervals WHERE collector = :c AND seq"
            " BETWEEN :a AND :b UNION SELECT seq FROM events WHERE collector = :c AND seq"
            " BETWEEN :a AND :b)"
        )
        return self.db.execute(sql, {"c": collector, "a": first, "b": last}).fetchone()[0]


def content(interval: Interval) -> tuple[Any, ...]:
    """What two copies of one interval must agree on."""
    return (
        interval.boot,
        interval.start_s,
        interval.period_s,
        interval.open,
        interval.delta,
        interval.quality,
    )


def event_content(event: Event) -> tuple[Any, ...]:
    """What two copies of one event must agree on."""
    return event.boot, event.time_s, event.type, json.dumps(event.detail, sort_keys=True)
