"""The journal: an append-only ring of records on raw flash that survives any cut of the supply.

`append` returns when the record is in flash and was read back. JOURNAL.md describes the format
and why it holds.
"""

from journal.cursor import Cursor, Record
from journal.recovery import FOREIGN, FRESH, NEWER, READY, RESIZED, Recovery
from journal.ring import JournalError, JournalFull, Ring
from lib import record, sector

__all__ = ("Cursor", "Journal", "JournalError", "JournalFull", "Record")

_TEXTS = {
    FOREIGN: "holds something else; format() erases it",
    NEWER: "was written by newer firmware",
    RESIZED: "was written for another size",
    "": "not open",
}


class Journal:
    """Append, acknowledge, read.

    snapshot: the owner's function that returns its full registers (at most 120 bytes), asked
        for whenever a sector is opened
    mains_lost: while True nothing is erased; `append` raises JournalFull when room runs out
    state: "fresh", "ready", or why nothing is written: "foreign", "newer", "resized"
    newest, oldest: last sequence, and the first that is still there; acked: watermark
    lost: the last sequence that was overwritten unacknowledged and counted by a LOSS record
    boot: number of this boot; damaged: unreadable stretches and sectors seen since the start
    """

    def __init__(self, partition):
        self.ring = Ring(partition)
        self.snapshot = None
        self.mains_lost = False
        self._buf = memoryview(bytearray(record.MAX_BYTES))
        self._header = sector.Header()
        self.state = ""

    def open(self) -> None:
        """Recover what is there. Reads only; JournalError when the flash cannot be read."""
        self._load(Recovery(self.ring))
        self._resumed = False

    def _load(self, found: Recovery) -> None:
        self.state = found.state
        self.epoch, self.first = found.epoch, found.first
        self.offset = found.offset
        self.newest, self.oldest, self.floor = found.newest, found.oldest, found.floor
        self.acked, self.lost = found.acked, found.lost
        self.boot = found.boot + 1
        self._next_epoch = found.next_epoch
        self.damaged = found.damaged
        self._anchor = found.anchor
        self._tail = found.tail
        self._start = found.start
        self._erased = -1  # the epoch that was erased ahead in this boot

    def format(self) -> None:
        """Erase everything. JournalError when the device refuses."""
        done = [self.ring.erase(index) for index in range(self.ring.sectors)]
        if not any(done):
            raise JournalError("journal partition: no sector can be erased")
        self.open()

    # --- writing --------------------------------------------------------------------------

    def append(self, kind: int, payload: bytes) -> int:
        """Store a record; returns its sequence when it is in flash.

        ValueError when it is too long, JournalFull when nothing may be erased and no room is
        left, JournalError when the partition is not ours or no sector works any more.
        """
        if len(payload) > record.MAX_PAYLOAD or not 0 < kind < record.BLANK:
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

    def _append(self, kind: int, payload: bytes) -> int:
        size = record.padded(len(payload))
        for _ in range(self.ring.sectors):
            if self.offset + size > sector.BYTES:
                self._open_next()
            if self._next(kind, payload):
                return self.newest
        raise JournalError("journal partition: no sector takes a record")

    def _next(self, kind: int, payload: bytes) -> bool:
        """Put the record with the next sequence; False when it is not in flash."""
        if not self._put(kind, self.newest + 1, payload):
            return False
        self.newest += 1
        return True

    def _put(self, kind: int, seq: int, payload: bytes) -> bool:
        """Program a record where there is room for it. After a failure the sector is closed."""
        slot = self.offset // record.SLOT_BYTES
        start = record.seed(self.epoch, slot, seq)
        size = record.pack_into(self._buf, kind, self._anchor, seq, payload, start)
        if self.offset + size > sector.BYTES:
            return False
        if not self.ring.program(self.epoch % self.ring.sectors, self.offset, self._buf[:size]):
            self.offset = sector.BYTES
            return False
        self.offset += size
        if kind in record.MARKS:
            self._anchor = slot
        return True

    # --- the first write of a boot --------------------------------------------------------

    def _resume(self) -> None:
        """Before the first write of a boot: put a shield and a second copy of the last record.

        What an interrupted program left at the end may read differently tomorrow. Nothing that
        matters is written onto it: either it lies under the fence, or the sector is closed.
        """
        if self.state not in (READY, FRESH):
            raise JournalError("journal partition: " + _TEXTS[self.state])
        if self._resumed:
            return
        if self.state == READY:
            index = self.epoch % self.ring.sectors
            if not self.ring.is_blank(index, self.offset):
                self._load(Recovery(self.ring, True))
            if self.offset < sector.BYTES:
                payload = bytes(record.MAX_PAYLOAD)
                if not self._put(record.FENCE, self.newest, payload) or not self._copy_tail():
                    self.offset = sector.BYTES
            if self.offset == sector.BYTES:
                self._open_next()
        self._resumed = True
        self._append(record.BOOT, record.pack_mark(self.acked, self.boot, self.lost))
        self._count_loss()

    def _copy_tail(self) -> bool:
        """Write the last record of the boot before once more, where it is safe."""
        tail = self._tail
        if tail and not self._put(tail.kind, tail.seq, tail.payload):
            return False
        self._tail = None
        return True

    # --- sectors --------------------------------------------------------------------------

    def _open_next(self) -> None:
        """Open the next good sector: header, snapshot, a loss that is still to be counted."""
        epoch = self._next_epoch if self.state == READY else self._start
        for epoch in range(epoch, epoch + self.ring.sectors):
            if self.ring.is_bad(epoch % self.ring.sectors):
                continue
            if self.state == FRESH:
                if not self.ring.is_blank(epoch % self.ring.sectors, 0):
                    continue
            elif self._erased != epoch:
                if self.mains_lost:
                    raise JournalFull("journal: no erased room, and erasing is held back")
                if not self._reclaim(epoch):
                    continue
            if self._put_header(epoch):
                break
        else:
            raise JournalError("journal partition: no sector can be opened")
        if self._copy_tail() and self.snapshot:
            self._next(record.SNAPSHOT, self.snapshot())
        self._count_loss()

    def _put_header(self, epoch: int) -> bool:
        header = self._header
        header.epoch, header.first = epoch, self.newest + 1
        header.acked, header.boot, header.lost = self.acked, self.boot, self.lost
        header.pack_into(self._buf, self.ring.sectors)
        index = epoch % self.ring.sectors
        if not self.ring.program(index, 0, self._buf[: sector.HEADER_BYTES]):
            return False
        self.state = READY
        self.epoch, self.first = epoch, header.first
        self.offset = sector.HEADER_BYTES
        self._next_epoch = epoch + 1
        self._anchor = 0
        return True

    def _reclaim(self, epoch: int) -> bool:
        """Erase the sector that `epoch` will use; False when it is bad."""
        count = self.ring.sectors
        done = self.ring.erase(epoch % count)
        old = epoch + 1 - count
        if old > self.floor:
            self.floor = old
            while old < self.epoch:
                index = old % count
                if self.ring.header(index, self._header) and self._header.epoch == old:
                    break
                old += 1
            self.oldest = self._header.first if old < self.epoch else self.first
        return done

    def _count_loss(self) -> None:
        """Record what was overwritten unacknowledged and is not counted yet."""
        settled = max(self.acked, self.lost)
        last = self.oldest - 1
        if last > settled:
            if self._next(record.LOSS, record.pack_mark(self.acked, self.boot, last, settled + 1)):
                self.lost = last

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
        held = self.epoch - self.cursor(self.acked).seek()
        usable = sector.BYTES - sector.HEADER_BYTES
        return (self.ring.sectors - 2 - held) * usable + sector.BYTES - self.offset
