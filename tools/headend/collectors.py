"""What is kept of each collector beside its records: how far it has told all, and its status."""

import json
from typing import Any

from tools.headend.database import Database
from tools.headend.messages import Status
from tools.headend.watermark import Stretch

_ROW = ("watermark", "dropped_doubles", "refused", "online", "boot", "status_received_s")


class Collectors:
    """One row each, and the stretches of their journals; plain reads and writes, no rules."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, collector: str) -> None:
        """Make sure it has a row; until the transaction ends, nobody else changes what is its."""
        self._db.change(
            "INSERT INTO collectors (collector) VALUES (?) ON CONFLICT DO NOTHING", (collector,)
        )
        self._db.select(
            f"SELECT 1 FROM collectors WHERE collector = ? {self._db.for_update}", (collector,)
        )

    def row(self, collector: str) -> dict[str, Any]:
        """Its row; empty when it is not known."""
        sql = f"SELECT {', '.join(_ROW)} FROM collectors WHERE collector = ?"
        rows = self._db.select(sql, (collector,))
        return dict(zip(_ROW, rows[0], strict=True)) if rows else {}

    def names(self) -> list[str]:
        """Every collector that was heard of, in order of name."""
        # Each database has an order of its own.
        return sorted(name for (name,) in self._db.select("SELECT collector FROM collectors"))

    def add_doubles(self, collector: str, count: int) -> None:
        """Count records that came again."""
        self._db.change(
            "UPDATE collectors SET dropped_doubles = dropped_doubles + ? WHERE collector = ?",
            (count, collector),
        )

    def refuse(self, collector: str, reason: str) -> None:
        """Count a refused message and keep the last reason."""
        self._db.change(
            "UPDATE collectors SET refused = refused + 1, refused_last = ? WHERE collector = ?",
            (reason, collector),
        )

    def set_watermark(self, collector: str, watermark: int) -> None:
        """Received without a hole up to here."""
        self._db.change(
            "UPDATE collectors SET watermark = ? WHERE collector = ?", (watermark, collector)
        )

    def set_status(self, status: Status, received_s: int) -> None:
        """The last birth or will."""
        told = (int(status.online), status.boot, json.dumps(status.detail), received_s)
        self._db.change(
            "UPDATE collectors SET online = ?, boot = ?, status = ?, status_received_s = ?"
            " WHERE collector = ?",
            (*told, status.collector),
        )

    def watermarks(self) -> list[tuple[str, int]]:
        """Of every collector that has told anything, in order of name."""
        sql = "SELECT collector, watermark FROM collectors WHERE watermark > 0"
        return sorted((name, watermark) for name, watermark in self._db.select(sql))

    def progress(self, collector: str) -> tuple[int, list[Stretch]]:
        """The watermark, and the stretches that wait beyond a hole, in order."""
        sql = (
            "SELECT watermark, after, upto FROM collectors LEFT JOIN stretches"
            " ON stretches.collector = collectors.collector AND kind = 'waiting'"
            " WHERE collectors.collector = ? ORDER BY after"
        )
        rows = self._db.select(sql, (collector,))
        return rows[0][0], [(after, upto) for _, after, upto in rows if after is not None]

    def stretches(self, collector: str, kind: str) -> list[Stretch]:
        """The stretches `waiting` beyond a hole, or `adopted`, in order."""
        sql = "SELECT after, upto FROM stretches WHERE collector = ? AND kind = ? ORDER BY after"
        return [(after, upto) for after, upto in self._db.select(sql, (collector, kind))]

    def set_stretches(self, collector: str, kind: str, stretches: list[Stretch]) -> None:
        """Replace them."""
        self._db.change(
            "DELETE FROM stretches WHERE collector = ? AND kind = ?", (collector, kind)
        )
        self._db.insert("stretches", [(collector, kind, *stretch) for stretch in stretches])
