"""The end of one sector: its last record, its newest mark, and where free space begins."""

from journal.ring import Window, blank
from lib import record, sector

_SLOTS = sector.BYTES // record.SLOT_BYTES
_FIRST_SLOT = sector.HEADER_BYTES // record.SLOT_BYTES
_MAX_SLOTS = record.MAX_BYTES // record.SLOT_BYTES
_NEAR_SLOTS = 4
_GAP_SLOTS = 2 * _MAX_SLOTS


class Tail:
    """The end of the sector that was opened as `epoch`; its sequences lie in base .. base + 255.

    found: whether there is a record; then `kind`, `seq`, `payload` are of the last one
    mark: `(acked, boot, lost)` of the newest mark in the sector or None; anchor: its slot or 0
    offset: where free space begins; `sector.BYTES` when the end is not as it was left
    damaged: unreadable stretches between and behind the records
    """

    def __init__(self, ring, epoch: int, base: int):
        self._ring = ring
        self._epoch = epoch
        self._index = epoch % ring.sectors
        self._base = base
        self._clear()

    def _clear(self) -> None:
        self.found = False
        self.kind = self.seq = self.anchor = self.damaged = 0
        self.payload = b""
        self.mark = None
        self.offset = sector.BYTES

    def find(self) -> "Tail":
        """Find the end in a handful of reads, where a cut left nothing unreadable."""
        end = self._blank_slot()
        self.offset = end * record.SLOT_BYTES
        if end > _FIRST_SLOT and not (self._last(end) and self._find_mark()):
            self.scan()
        return self

    def scan(self) -> "Tail":
        """Find the end by reading the whole sector."""
        self._clear()
        window = Window(self._ring)
        window.open(self._index, sector.BYTES)
        offset = used = sector.HEADER_BYTES
        junk = doubtful = False
        while offset < sector.BYTES:
            view = window.at(offset)
            slot = offset // record.SLOT_BYTES
            size = record.check(view, self._epoch, slot, self._base)
            if size:
                self.damaged += junk
                junk = False
                doubtful = not self._take(view, slot)
            elif not blank(view[: record.SLOT_BYTES]):
                junk = True
            offset += size or record.SLOT_BYTES
            if size or junk:
                used = offset
        self.damaged += junk
        if not (junk or doubtful):
            self.offset = used
        return self

    def _take(self, view: memoryview, slot: int) -> bool:
        """Note a valid record; False for a fence that knew a later record than is left."""
        seq = record.full_seq(self._base, view)
        if view[0] == record.FENCE:
            return seq == (self.seq if self.found else self._base)
        self.found = True
        self.kind = view[0]
        self.seq = seq
        self.payload = bytes(record.payload(view))
        if self.kind in record.MARKS:
            self.anchor = slot
            self.mark = record.unpack_mark(self.payload)
        else:
            self._link = view[2]
        return True

    def _blank_slot(self) -> int:
        """First slot of the blank rest of the sector.

        Halving comes near it, then one read looks at the slots around. Behind the end 17 slots
        must be blank: no valid record and no two torn programs in a row leave more than 16 blank
        slots before something that is not.
        """
        low, high = _FIRST_SLOT - 1, _SLOTS
        while True:
            while high - low > _NEAR_SLOTS:
                middle = (low + high) // 2
                if self._is_blank(middle, middle + 1):
                    high = middle
                else:
                    low = middle
            last = low
            end = min(low + 2 + _NEAR_SLOTS + _GAP_SLOTS, _SLOTS)
            self._look(low + 1 - _MAX_SLOTS, end)
            for slot in range(low + 1, end):
                if not blank(self._slots(slot, slot + 1)):
                    last = slot
            if last <= low + _NEAR_SLOTS:
                return last + 1
            low, high = last, _SLOTS

    def _is_blank(self, start: int, end: int) -> bool:
        view = self._ring.window[: (end - start) * record.SLOT_BYTES]
        self._ring.read(self._index, start * record.SLOT_BYTES, view)
        return blank(view)

    def _look(self, start: int, end: int) -> None:
        """Read a stretch of slots into the window of the ring."""
        self._start = max(start, _FIRST_SLOT)
        self._end = min(end, _SLOTS)
        if self._start < self._end:
            self._is_blank(self._start, self._end)

    def _slots(self, start: int, end: int) -> memoryview:
        """A part of the stretch that was read."""
        size = record.SLOT_BYTES
        return self._ring.window[(start - self._start) * size : (end - self._start) * size]

    def _last(self, end: int) -> bool:
        """Take the last record, which ends at slot `end` or at a fence that knew it."""
        fenced = -1
        while end > _FIRST_SLOT:
            if end - _MAX_SLOTS < self._start > _FIRST_SLOT:
                self._look(end - _MAX_SLOTS, end)
            for start in range(max(end - _MAX_SLOTS, _FIRST_SLOT), end):
                view = self._slots(start, end)
                size = record.check(view, self._epoch, start, self._base)
                if size == len(view):
                    break
            else:
                return False
            if view[0] != record.FENCE:
                return self._take(view, start) and fenced in (-1, self.seq)
            fenced = record.full_seq(self._base, view)
            end = start
        return False

    def _find_mark(self) -> bool:
        """Follow the link of the last record to the newest mark; False when that fails."""
        if self.anchor or not self._link:
            return True
        self._look(self._link, self._link + 2)
        view = self._slots(self._link, self._end)
        if not record.check(view, self._epoch, self._link, self._base):
            return False
        if view[0] not in record.MARKS:
            return False
        self.anchor = self._link
        self.mark = record.unpack_mark(record.payload(view))
        return True
