"""A place in the journal: hands out the records behind it, oldest first, each read once.

One rule decides between copies: a record stands unless the next one that can be read has a
sequence not above its own. So what an interrupted supply left behind never comes back to life.
"""

from journal.oldest import counts
from journal.ring import Window, blank
from lib import record, sector


class Record:
    """One record. It is good until the next step of the cursor that handed it out.

    `missed` sequences just before this one are not there: damaged or overwritten. `boot` is that
    in which it was written, 0 when what tells it is damaged (a mark knows it itself).
    """

    def __init__(self):
        self.kind = self.seq = self.missed = self.epoch = self.boot = 0
        self._buf = memoryview(bytearray(record.MAX_PAYLOAD))
        self.payload = self._buf[:0]

    def take(self, view: memoryview, seq: int, epoch: int, boot: int) -> None:
        """Copy a record in flash format."""
        payload = record.payload(view)
        self.kind = view[0]
        self.seq = seq
        self.epoch = epoch
        self.boot = boot
        self.payload = self._buf[: len(payload)]
        self.payload[:] = payload


class Cursor:
    """Walks over the records behind sequence `after`; bounded memory, constant work a step."""

    def __init__(self, journal, after: int):
        self._journal = journal
        self._ring = journal.ring
        self._header = sector.Header()
        self._window = Window(journal.ring)
        self._found = Record()
        self._ahead = Record()
        self._base = self._offset = self._boot = 0
        self.damaged = 0  # unreadable stretches passed
        self.move(after)

    def move(self, after: int) -> None:
        """Go to the records behind `after`."""
        self.seq = after
        self._epoch = -1
        self._looked = False  # whether _ahead holds the next record

    def next(self) -> Record | None:
        """The next record; None at the end, ask again later."""
        if self._epoch < 0 and self._journal.newest > self.seq:
            self.seek()
        while self._looked or self._look():
            found = self._found = self._swap()
            if found.seq > self.seq:
                self._looked = self._look()
                if not self._looked or self._ahead.seq > found.seq:
                    found.missed = found.seq - self.seq - 1
                    self.seq = found.seq
                    return found
        return None

    def _swap(self) -> Record:
        found = self._ahead
        self._ahead = self._found
        self._looked = False
        return found

    def _look(self) -> bool:
        """Read the next record in the order of the flash into `_ahead`."""
        while self._ready():
            view = self._window.at(self._offset)
            slot = self._offset // record.SLOT_BYTES
            size = record.check(view, self._epoch, slot, self._base)
            if not size:
                self._skip(view)
                continue
            self._offset += size
            self._junk = False
            seq = record.full_seq(self._base, view)
            if view[0] != record.FENCE and seq <= self._journal.newest:
                self._ahead.take(view, seq, self._epoch, self._boot_at(view[2]))
                return True
        return False

    def _boot_at(self, anchor: int) -> int:
        """The boot that the mark in slot `anchor` of this sector tells of; 0: it is damaged."""
        if anchor != self._anchor:
            self._anchor = anchor
            self._boot = self._mark_boot(anchor) if anchor else self._header_boot()
        return self._boot

    def _header_boot(self) -> int:
        known = self._ring.header(self._epoch % self._ring.sectors, self._header)
        return self._header.boot if known and self._header.epoch == self._epoch else 0

    def _mark_boot(self, slot: int) -> int:
        offset = slot * record.SLOT_BYTES
        view = self._ring.window[: min(record.MARK_MAX_BYTES, sector.BYTES - offset)]
        self._ring.read(self._epoch % self._ring.sectors, offset, view)
        if record.check(view, self._epoch, slot, self._base) and view[0] in record.MARKS:
            return record.unpack_mark(record.payload(view))[1]
        return 0

    def _skip(self, view: memoryview) -> None:
        """Pass over what is no record, counting each stretch once."""
        if blank(view):
            self._offset += len(view)
            return
        self._offset += record.SLOT_BYTES
        if not self._junk and not blank(view[: record.SLOT_BYTES]):
            self._junk = True
            self.damaged += 1

    def _ready(self) -> bool:
        """Stand in a sector with something ahead; False at the end of the journal."""
        journal = self._journal
        if self._epoch < 0:
            return False
        if self._epoch < journal.floor:
            self._enter(journal.floor)
        while True:
            if self._epoch == journal.epoch:
                self._window.end = journal.offset
                self._grows = True
            elif self._grows:  # it is closed: what was written since the last look is there, too
                self._window.end = sector.BYTES
                self._grows = False
            if self._offset < self._window.end:
                return True
            if self._epoch >= journal.epoch:
                return False
            self._enter(self._epoch + 1)

    def seek(self) -> int:
        """Enter the sector that holds the next record, by binary search; returns its epoch.

        A sector that was opened in vain may claim it; then one before has it.
        """
        found = low = self._journal.floor
        high = self._journal.epoch + 1
        while high - low > 1:
            middle = probe = (low + high) // 2
            first = self._first(probe)
            while not first and probe > low + 1:
                probe -= 1
                first = self._first(probe)
            if first > self.seq + 1:
                high = probe
            else:
                low = middle
                found = probe if first else found
        self._looked = False
        self._enter(found)
        while found > self._journal.floor:
            if self._base <= self.seq and counts(self._ring, found, self._base):
                break
            found -= 1
            self._enter(found)
        return found

    def rewind_to_snapshot(self) -> None:
        """Go back to the newest snapshot at or before the next record, if there is one."""
        after = self.seq
        for epoch in range(self.seek(), self._journal.floor - 1, -1):
            self._enter(epoch)
            self._looked = False
            self.seq = max(0, self._base)
            found = self.next()
            while found and found.epoch == epoch and found.kind != record.SNAPSHOT:
                found = self.next()
            if found and found.epoch == epoch and found.seq <= after + 1:
                self.move(found.seq - 1)
                return
        self.move(after)

    def _first(self, epoch: int) -> int:
        """First sequence of a sector, 0 when its header does not say."""
        if epoch == self._journal.epoch:
            return self._journal.first
        if not self._ring.header(epoch % self._ring.sectors, self._header):
            return 0
        return self._header.first if self._header.epoch == epoch else 0

    def _enter(self, epoch: int) -> None:
        """Stand at the start of a sector. A damaged header is made up from those around it."""
        self._epoch = epoch
        self._grows = False
        self._offset = sector.HEADER_BYTES
        self._junk = False
        self._anchor = -1
        self._base = self.seq
        end = sector.BYTES
        first = self._first(epoch)
        if first:
            self._base = first - 1
        elif self._header.kind in (sector.BLANK, sector.VALID):
            end = self._offset  # erased, or not used in this lap: nothing to see
        else:
            following = self._first(epoch + 1) if epoch < self._journal.epoch else 0
            self._base = following - 256 if following else self.seq
        self._window.open(epoch % self._ring.sectors, end)
