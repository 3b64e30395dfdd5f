"""The journal: an append-only ring of records on raw flash that survives any cut of the supply.

`append` returns when the record is in flash and was read back. JOURNAL.md describes the format
and why it holds.
"""

from journal.cursor import Cursor, Record
from journal.ring import READY, JournalError, JournalFull
from journal.writer import Writer
from lib import record, sector

__all__ = ("Cursor", "Journal", "JournalError", "JournalFull", "Record")


class Journal(Writer):
    """Append, acknowledge, read.

    snapshot: the owner's function that returns its full registers (at most 120 bytes), asked
        for whenever a sector is opened
    mains_lost: while True nothing is erased; `append` raises JournalFull when room runs out
    state: "fresh", "ready", or why nothing is written: "foreign", "newer", "resized"
    newest, oldest: last sequence, and the first that is still there; acked: watermark
    lost: the last sequence that was overwritten unacknowledged and counted by a LOSS record
    boot: number of this boot; damaged: unreadable stretches that the recovery came upon
    """

    def open(self) -> None:
        """Recover what is there. Reads only; JournalError when the flash cannot be read."""
        self._recover(False)
        self._resumed = False

    def format(self) -> None:
        """Erase everything. JournalError when the device refuses."""
        done = [self.ring.erase(index) for index in range(self.ring.sectors)]
        if not any(done):
            raise JournalError("flash: no sector can be erased")
        self.open()

    # --- writing --------------------------------------------------------------------------

    def append(self, kind: int, payload: bytes) -> int:
        """Store a record; returns its sequence when it is in flash.

        ValueError when there can be no such record, JournalFull when nothing may be erased and no
        room is left, JournalError when the partition is not ours or no sector works any more.
        """
        if not record.is_storable(kind, len(payload)):
            raise ValueError("record of kind %d with %d bytes" % (kind, len(payload)))
        self._resume()
        return self._append(kind, payload)

    def ack(self, seq: int) -> None:
        """Note durably that all records up to `seq` are acknowledged. Raises as `append` does."""
        if seq > self.newest:
            raise ValueError("acknowledged %d, newest is %d" % (seq, self.newest))
        if seq > self.acked:
            self._resume()
            self._append(record.ACK, record.pack_mark(seq, self.boot, self.lost))
            self.acked = seq

    def prepare(self) -> bool:
        """Erase the next sector while there is time; True when it did. Call it when idle."""
        if self.state != READY or self.mains_lost or self.offset < sector.BYTES // 2:
            return False
        self._resume()
        epoch = self._next_epoch
        while epoch <= self.epoch + self.ring.sectors - 2:
            if self._erased == epoch:
                return False
            if not self.ring.is_bad(epoch % self.ring.sectors) and self._reclaim(epoch):
                self._erased = epoch
                self._count_loss()
                return True
            epoch += 1
        return False

    def cursor(self, after: int = 0) -> Cursor:
        """A cursor over the records behind sequence `after`."""
        return Cursor(self, after)

    def sector_of(self, seq: int) -> Cursor:
        """A cursor that begins at or before `seq`, with the snapshot that its sector carries."""
        cursor = Cursor(self, max(0, min(seq, self.newest) - 1))
        cursor.rewind_to_snapshot()
        return cursor

    def newest_sector(self) -> Cursor:
        """A cursor that begins with the newest snapshot: from there registers can be told."""
        return self.sector_of(self.newest)

    # --- figures --------------------------------------------------------------------------

    @property
    def capacity(self) -> int:
        """Bytes for records that are kept at any time, however the ring stands."""
        usable = sector.BYTES - sector.HEADER_BYTES
        return (self.ring.sectors - 2) * usable

    @property
    def free(self) -> int:
        """Bytes that can be written before an unacknowledged record is overwritten."""
        if self.newest <= self.acked:
            return self.capacity
        newest = self._next_epoch - 1  # sectors opened in vain are taken too
        held = newest - self.cursor(self.acked).seek()
        usable = sector.BYTES - sector.HEADER_BYTES
        rest = sector.BYTES - self.offset if newest == self.epoch else 0
        return max(0, (self.ring.sectors - 2 - held) * usable + rest)
