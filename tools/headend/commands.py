"""What the head-end has told its collectors to do, and what is to be asked of them.

A collector takes a command of its present boot only, and only with an id above the last one: so
the ids of each boot are kept here, whoever sends the command.
"""

from tools.headend.database import Database
from tools.headend.holes import Hole


class Commands:
    """Plain reads and writes; no rules. Write only what is of a collector that was claimed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def last_id(self, collector: str, boot: int) -> int:
        """Of those sent to this boot; 0: none."""
        sql = "SELECT max(id) FROM commands WHERE collector = ? AND boot = ?"
        return self._db.select(sql, (collector, boot))[0][0] or 0

    def add(self, collector: str, boot: int, number: int, command: str, sent_s: int) -> None:
        """One that is about to be sent."""
        row = (collector, boot, number, command, sent_s, None, None)
        self._db.insert("commands", [row])

    def set_reply(
        self, collector: str, boot: int, number: int, reply: str, replied_s: int
    ) -> None:
        """The first reply counts: the same command that came twice is refused the second time."""
        self._db.change(
            "UPDATE commands SET reply = ?, replied_s = ? WHERE collector = ? AND boot = ?"
            " AND id = ? AND reply IS NULL",
            (reply, replied_s, collector, boot, number),
        )

    def recent(self, collector: str, count: int) -> list[tuple[str, int, str | None]]:
        """(command, sent_s, reply) of the last ones, the newest first."""
        sql = (
            "SELECT command, sent_s, reply FROM commands WHERE collector = ?"
            f" ORDER BY sent_s DESC, id DESC LIMIT {count}"
        )
        return [(text, at_s, reply) for text, at_s, reply in self._db.select(sql, (collector,))]

    def waiting(self) -> list[str]:
        """The collectors with stretches beyond a hole, or that had some."""
        sql = (
            "SELECT collector FROM stretches WHERE kind = 'waiting'"
            " UNION SELECT collector FROM holes"
        )
        return sorted(name for (name,) in self._db.select(sql))

    def hole(self, collector: str) -> Hole | None:
        """What is known of its first hole."""
        sql = "SELECT after, since_s, asked_upto, asked_s FROM holes WHERE collector = ?"
        rows = self._db.select(sql, (collector,))
        return Hole(*rows[0]) if rows else None

    def set_hole(self, collector: str, hole: Hole | None) -> None:
        """Replace it; None: there is none any more."""
        self._db.change("DELETE FROM holes WHERE collector = ?", (collector,))
        if hole is not None:
            row = (collector, hole.after, hole.since_s, hole.asked_upto, hole.asked_s)
            self._db.insert("holes", [row])
