"""Stands in for a journal that cannot be used at all: the collector counts on, and says so."""

from journal.ring import JournalError


class AbsentJournal:
    """Takes no record and has none; every append tells why."""

    boot = newest = acked = damaged = 0
    mains_lost = False

    def __init__(self, why: str):
        self.snapshot = None
        self._why = why

    def append(self, kind: int, payload: bytes) -> int:
        """Refuse."""
        raise JournalError(self._why)

    ack = append

    def prepare(self) -> bool:
        """Nothing to prepare."""
        return False

    def sector_of(self, seq: int):
        """A cursor over nothing."""
        return self

    def newest_sector(self):
        """A cursor over nothing."""
        return self

    def next(self):
        """No record."""
        return
