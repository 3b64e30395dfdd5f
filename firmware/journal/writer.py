"""The writing half of the journal: where records go, and what the first write of a boot does."""

import once
from journal.oldest import oldest
from journal.ring import FOREIGN, FRESH, NEWER, READY, RESIZED, JournalError, JournalFull, Ring
from lib import record, sector

_TEXTS = {
    FOREIGN: "holds something else; format() erases it",
    NEWER: "was written by newer firmware",
    RESIZED: "was written for another size",
    "": "not open",
}
# So many sectors that fail one after the other are no bad sectors but a bad device: to go on would
# erase the whole history in search of a good one. Then only every so many records it is tried
# again.
_FAILED_MAX = 8
_REFUSALS = 32
_FENCES = 2  # shields against what two interrupted programs in a row may have left unseen


def _nothing() -> bytes:
    """The snapshot of an owner that has none."""
    return b""


class Writer:
    """Puts records and sectors in place; `Journal` is what the owner sees. old_end: epoch and
    first sequence of the oldest sector; None until somebody asks.
    """

    def __init__(self, partition):
        self.ring = Ring(partition)
        self.snapshot = _nothing
        self.mains_lost = False
        self.state = ""
        self._resumed = False
        self._failed = self._refusals = 0
        self._buf = bytearray(record.MAX_BYTES)
        self._view = memoryview(self._buf)
        self._header = sector.Header()

    def _recover(self, thorough: bool) -> None:
        """Find the journal's end; thorough: by reading all headers and the newest sector whole."""
        from journal.recovery import Recovery

        once.forget("journal.recovery")
        once.forget("journal.tail")
        self.ring.widen(True)
        found = Recovery(self.ring, thorough)
        self.ring.widen(False)
        self.state = found.state
        self.epoch, self.first = found.epoch, found.first
        self.offset = found.offset
        self.newest = found.newest
        self._floor, self.old_end = found.floor, None
        self.acked, self.lost = found.acked, found.lost
        self.boot = found.boot + 1
        self._next_epoch = found.next_epoch
        self.damaged = found.damaged
        self._anchor = found.anchor
        # not the Tail itself: its class would keep 1.9 KB of code until the first write
        self._tail = found.tail and (found.tail.kind, found.tail.seq, found.tail.payload)
        self._vain = found.vain
        self._start = found.start
        self._erased = -1  # the epoch that was erased ahead in this boot

    def _append(self, kind: int, payload: bytes) -> int:
        if self._refusals:
            self._refuse(self._refusals - 1)
        size = record.padded(kind, len(payload))
        for _ in range(self.ring.sectors):
            if self.offset + size > sector.BYTES:
                self._open_next()
            if self._next(kind, payload):
                self._failed = 0
                return self.newest
            self._note_failure()
        raise JournalError("flash: no sector takes a record")

    def _note_failure(self) -> None:
        self._failed += 1
        if self._failed >= _FAILED_MAX:
            self._refuse(_REFUSALS)

    def _refuse(self, times: int) -> None:
        """Take no record now, nor the next `times`; then try the sectors that failed once more."""
        self._refusals = times
        if not times:
            self.ring.forgive()
            self._failed = _FAILED_MAX - 1
        raise JournalError("flash: takes no records")

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
        offset = self.offset
        self.offset += size  # used, whatever happens now: an exception, out of memory, too
        if not self.ring.program(self.epoch % self.ring.sectors, offset, self._view[:size]):
            self.offset = sector.BYTES
            return False
        if kind in record.MARKS:
            self._anchor = slot
        return True

    def check_ours(self) -> None:
        """JournalError, with the reason, when nothing may be written here."""
        if self.state not in (READY, FRESH):
            raise JournalError("partition: " + _TEXTS[self.state])

    # --- the first write of a boot --------------------------------------------------------

    def _resume(self) -> None:
        """Before the first write of a boot: put a shield and a second copy of the last record.

        What an interrupted program left at the end may read differently tomorrow. Nothing that
        matters is written onto it: either it lies under the fences, or the sector is closed.
        """
        self.check_ours()
        if self._resumed:
            return
        if self.state == READY:
            index = self.epoch % self.ring.sectors
            if not self.ring.is_blank(index, self.offset):
                self._recover(True)
            self._erase_vain()
            if not (self._put_fences() and self._copy_tail()):
                self._open_next()
        self._resumed = True
        self._append(record.BOOT, record.pack_mark(self.acked, self.boot, self.lost))
        self._count_loss()

    def _erase_vain(self) -> None:
        """Before the ring starts over: what was opened in vain has higher epochs than what comes
        now, and a record in it that was never seen may yet appear."""
        if self._vain and self.mains_lost:
            raise JournalFull("journal: erasing is held back")
        for epoch in self._vain:
            self.ring.erase(epoch % self.ring.sectors)
        self._vain = range(0)

    def _put_fences(self) -> bool:
        payload = bytes(record.MAX_PAYLOAD)
        return all(self._put(record.FENCE, self.newest, payload) for _ in range(_FENCES))

    def _copy_tail(self) -> bool:
        """Write the last record of the boot before once more, where it is safe."""
        if self._tail and not self._put(*self._tail):
            return False
        self._tail = None
        return True

    # --- sectors --------------------------------------------------------------------------

    def _open_next(self) -> None:
        """Open the next good sector: header, snapshot, a loss that is still to be counted."""
        first = self._next_epoch if self.state == READY else self._start
        for epoch in range(first, first + self.ring.sectors):
            if self.ring.is_bad(epoch % self.ring.sectors):
                continue
            if self.state == FRESH:
                if not self.ring.is_blank(epoch % self.ring.sectors, 0):
                    continue
            elif self._erased != epoch:
                if self.mains_lost:
                    raise JournalFull("journal: no erased room, and erasing is held back")
                if not self._reclaim(epoch):
                    self._note_failure()
                    continue
            if self._put_header(epoch):
                break
            self._note_failure()
        else:
            raise JournalError("flash: no sector can be opened")
        registers = self.snapshot()
        if self._copy_tail() and registers:
            self._next(record.SNAPSHOT, registers)
        self._count_loss()

    def _put_header(self, epoch: int) -> bool:
        header = self._header
        header.epoch, header.first = epoch, self.newest + 1
        header.acked, header.lost = self.acked, self.lost
        # a sector opened before the boot has begun takes a copy of the last boot's record
        header.boot = self.boot if self._resumed else self.boot - 1
        header.pack_into(self._buf, self.ring.sectors)
        index = epoch % self.ring.sectors
        if not self.ring.program(index, 0, self._view[: sector.HEADER_BYTES]):
            return False
        self.state = READY
        if self.old_end and self.old_end[0] == self.epoch:
            self.old_end = None  # it was the only one, which counts by itself
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
        if old > self._floor:
            self._floor, self.old_end = old, None
        return done

    @property
    def floor(self) -> int:
        """The oldest epoch that holds records."""
        return self._looked_up()[0]

    @property
    def oldest(self) -> int:
        """The first sequence that is still there."""
        return self._looked_up()[1]

    def _looked_up(self) -> tuple:
        """Looked up when it is first asked for: it costs a read or two."""
        if not self.old_end:
            end = oldest(self.ring, self._header, range(self._floor, self.epoch))
            self.old_end = end or (self.epoch, self.first)
        return self.old_end

    def _count_loss(self) -> None:
        """Record what was overwritten unacknowledged and is not counted yet."""
        settled = max(self.acked, self.lost)
        last = self.oldest - 1
        if last <= settled:
            return
        if self._next(record.LOSS, record.pack_mark(self.acked, self.boot, last, settled + 1)):
            self.lost = last
