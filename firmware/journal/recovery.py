"""What the flash says after a boot: the newest sector by binary search, then its end.

Reads only. The journal takes the fields of a `Recovery` over, and forgets its code.
"""

from journal.ring import FOREIGN, FRESH, NEWER, READY, RESIZED, blank
from journal.tail import Tail
from lib import sector

_REFUSED = {sector.NEWER: NEWER, sector.RESIZED: RESIZED}
_HOLES = 4  # blank sectors in a row that end the search of a ring in its first lap


class Recovery:
    """The state found.

    state: one of the words in ring.py; what follows holds when it is READY
    epoch: the newest sector with a record; first: the first sequence that it was opened for
    next_epoch: the next to open; those between were opened in vain
    vain: epochs opened in vain that must be erased before next_epoch is opened, newest first
    offset: where free space begins in it, `sector.BYTES` when it is closed
    newest: the last sequence; tail: the `Tail` whose last record has it, or None
    floor: the oldest epoch that may hold records
    acked, boot, lost: the marks' state; anchor: slot of the newest mark in the sector
    damaged: unreadable stretches seen; start: the sector to open first when FRESH
    """

    def __init__(self, ring, thorough: bool = False):
        self._ring = ring
        self._count = ring.sectors
        self._header = sector.Header()
        self._thorough = thorough
        self.vain = range(0)
        self._doubt = True  # whether the sector behind the newest may hold records
        self.state = READY
        self.epoch = self.next_epoch = self.start = self.newest = self.anchor = 0
        self.floor = self.acked = self.boot = self.lost = self.damaged = 0
        self.first = 1
        self.offset = sector.BYTES
        self.tail = None
        self._recover()

    def _recover(self) -> None:
        start = 0
        while start < self._count and not self._read(start) and self.state == READY:
            start += 1
        if start == self._count:
            if not self._first_without_header():
                self._classify(False)
        elif self.state == READY:
            newest = -1 if self._thorough else self._search(start)
            self._settle(self._scan() if newest < 0 else newest)

    # --- which sector ---------------------------------------------------------------------

    def _read(self, epoch: int) -> bool:
        """Read the header of the sector of `epoch`; one we must not touch is noted."""
        valid = self._ring.header(epoch % self._count, self._header)
        self.state = _REFUSED.get(self._header.kind, self.state)
        return valid

    def _is(self, epoch: int) -> bool:
        """Read the header of `epoch`; True when it is valid and of that epoch."""
        return self._read(epoch) and self._header.epoch == epoch

    def _search(self, low: int) -> int:
        """Epoch of the newest valid header, -1 when the ring is not in plain order.

        Sectors from `low` to the newest are of one lap, those behind of the lap before.
        """
        lap = self._header.epoch // self._count
        high = self._count
        while high - low > 1:
            middle = (low + high) // 2
            probe = self._next_valid(middle, high, lap)
            age = lap - self._header.epoch // self._count if probe < high else 1
            if age == 0:
                low = probe
            elif age == 1:
                high = middle
            else:
                return -1
        return self._neighbours(lap * self._count + low)

    def _next_valid(self, index: int, end: int, lap: int) -> int:
        """First valid header from `index` on; `end` when there is none."""
        blanks = 0
        while index < end and not self._read(index):
            blanks += self._header.kind == sector.BLANK
            if lap == 0 and blanks == _HOLES:
                return end
            index += 1
        return index

    def _neighbours(self, epoch: int) -> int:
        """`epoch` when what lies behind it is the oldest of the ring, else -1."""
        valid = 0
        self.floor = epoch + 1 - self._count
        for step in range(1, self._count):
            old = epoch + step - self._count
            known = self._read(old)
            if step == 1:
                self._doubt = self._header.kind == sector.GARBAGE
            if self._header.kind == sector.BLANK and self.floor == old:
                self.floor += 1
            if known:
                if self._header.epoch != old:
                    return -1
                valid += 1
            if valid == 2 or (old < 0 and step == _HOLES):
                break
        self.floor = max(0, self.floor)
        return epoch

    def _scan(self) -> int:
        """Epoch of the newest valid header, by reading all of them."""
        newest = -1
        for index in range(self._count):
            if self._read(index):
                newest = max(newest, self._header.epoch)
        self.floor = max(0, newest + 1 - self._count)
        return newest

    def _previous(self, epoch: int) -> int:
        """The nearest epoch below with a valid header (then in `_header`), -1 without."""
        for old in range(epoch - 1, max(-1, epoch - self._count), -1):
            if self._is(old):
                return old
        return -1

    # --- the end of the newest sector -----------------------------------------------------

    def _settle(self, epoch: int) -> None:
        """Take the newest sector that has a record.

        A header without one may be the last thing an interrupted supply did. It is not trusted,
        and its sector is not erased at once either: an interrupted erase may bring back what it
        erased, and nothing may come back as the newest. Only a supply that failed in every
        attempt, half the ring long, makes us start over.
        """
        self.next_epoch = epoch + 1
        self._is(epoch)
        tail = self._tail(epoch)
        while not tail.found:
            older = self._previous(epoch)
            if older < 0:
                self._only_headers(epoch)
                return
            epoch = older
            tail = self._tail(epoch)
        if self.state != READY:
            return
        self._take(epoch, tail)
        if self.next_epoch - epoch > self._count // 2:
            self.vain = range(self.next_epoch - 1, epoch, -1)
            self.next_epoch = epoch + 1
        self._look_behind()

    def _only_headers(self, epoch: int) -> None:
        """No sector has content: still fresh, or all that there was is gone."""
        self._classify(True)
        if self.state == READY:
            tail = Tail(self._ring, epoch, 0)  # never looked at: a closed sector without records
            self._is(epoch)
            self._take(epoch, tail)
            self.epoch = self.floor = epoch - 1

    def _tail(self, epoch: int) -> Tail:
        tail = Tail(self._ring, epoch, self._header.first - 1)
        return tail.scan() if self._thorough else tail.find()

    def _take(self, epoch: int, tail: Tail) -> None:
        """State of the sector whose header was read last."""
        header = self._header
        self.epoch, self.first = epoch, header.first
        self.acked, self.boot, self.lost = tail.mark or (header.acked, header.boot, header.lost)
        self.anchor = tail.anchor
        if self.next_epoch == epoch + 1:
            self.offset = tail.offset
        self.damaged += tail.damaged
        if tail.found:
            self.newest = tail.seq
            self.tail = tail
        else:
            self.newest = header.first - 1

    def _look_behind(self) -> None:
        """A newest sector that lost its header still has its records."""
        behind = self.epoch + 1
        if not self._doubt or self._read(behind) or self._header.kind != sector.GARBAGE:
            return
        tail = Tail(self._ring, behind, self.newest).scan()
        if not tail.found:
            return
        self.damaged += 1 + tail.damaged
        self.epoch, self.first = behind, self.newest + 1
        self.next_epoch = max(self.next_epoch, behind + 1)
        self.newest = max(self.newest, tail.seq)
        self.acked, self.boot, self.lost = tail.mark or (self.acked, self.boot, self.lost)
        self.tail = tail
        self.offset = sector.BYTES

    def _first_without_header(self) -> bool:
        """A ring whose one sector in use lost its header still has its records."""
        if self.state != READY:
            return False
        tail = Tail(self._ring, 0, 0).scan()
        if not tail.found:
            return False
        self.damaged = 1 + tail.damaged
        self.next_epoch = 1
        self.newest = tail.seq
        self.acked, self.boot, self.lost = tail.mark or (0, 0, 0)
        self.tail = tail
        return True

    # --- a partition without a journal ----------------------------------------------------

    def _classify(self, ours: bool) -> None:
        """Tell a partition that nothing was ever stored in from a foreign one.

        The first header is known beforehand, so a torn one is recognised.
        """
        if self.state != READY:
            return
        found = memoryview(bytearray(sector.HEADER_BYTES))
        expected = bytearray(sector.HEADER_BYTES)
        self.start = spare = -1
        for index in range(self._count):
            self._header.pristine(index)
            self._header.pack_into(expected, self._count)
            self._ring.read(index, 0, found)
            torn = all(found[i] & expected[i] == expected[i] for i in range(len(expected)))
            if not torn or not self._ring.is_blank(index, sector.HEADER_BYTES):
                self.state = READY if ours else FOREIGN
                return
            if not blank(found):
                self.start = -1  # go behind it: a record there may yet appear
            elif self.start < 0:
                self.start = spare = index
        if self.start < 0:
            self.start = spare
        self.state = FRESH if self.start >= 0 else FOREIGN
