"""The ring of sectors on a partition: verified programs and erases, and what they cost."""

from lib import record, sector

MIN_SECTORS = 4
_COUNT = 4  # ioctl operations of the block protocol
_SIZE = 5
_ERASE = 6
_WINDOW_BYTES = 464  # the slots that recovery looks at around the end of a sector
_BLANK = memoryview(b"\xff" * record.MAX_BYTES)

# What a partition holds: the journal's state.
FRESH = "fresh"  # nothing yet
READY = "ready"
FOREIGN = "foreign"  # something else: only format() may erase it
NEWER = "newer"  # a journal of a newer format version
RESIZED = "resized"  # a journal of a partition of another size


class JournalError(Exception):
    """The partition cannot hold the journal, or what it holds forbids to write."""


class JournalFull(JournalError):
    """No erased room is left while erasing is held back; go on counting, try again later."""


class Ring:
    """Sectors of a partition: read, program with read-back, erase with blank check.

    A sector that fails is bad for the rest of this boot. `erases`, `programs`,
    `bytes_programmed` and `failures` count since the start.
    """

    def __init__(self, partition):
        size = partition.ioctl(_SIZE, 0)
        self.sectors = partition.ioctl(_COUNT, 0)
        if size != sector.BYTES:
            raise JournalError("partition: blocks of %s bytes, needs 4096" % size)
        if self.sectors is None or self.sectors < MIN_SECTORS:
            text = "partition: %s sectors of 4096 bytes, needs at least %d"
            raise JournalError(text % (self.sectors, MIN_SECTORS))
        if self.sectors > 0xFFFF:
            raise JournalError("partition: more than 65535 sectors")
        self._partition = partition
        self._bad = bytearray((self.sectors + 7) // 8)
        self._raw = memoryview(bytearray(sector.HEADER_BYTES))
        self.widen(False)
        self.erases = self.programs = self.bytes_programmed = self.failures = 0

    def widen(self, is_wide: bool) -> None:
        """Make the window as wide as recovery needs it, or as all else does."""
        self.window = memoryview(bytearray(_WINDOW_BYTES if is_wide else record.MAX_BYTES))

    def read(self, index: int, offset: int, view: memoryview) -> None:
        """Fill `view`. What cannot be read becomes zeros, which no record and no header is."""
        try:
            if not self._partition.readblocks(index, view, offset):
                return
        except OSError:
            pass
        self.failures += 1
        for i in range(len(view)):
            view[i] = 0

    def header(self, index: int, header: sector.Header) -> bool:
        """Read the header of a sector; True when it is valid."""
        self.read(index, 0, self._raw)
        return header.parse(bytes(self._raw), self.sectors, index)

    def program(self, index: int, offset: int, view: memoryview) -> bool:
        """Program at most 128 bytes and read them back; False marks the sector bad."""
        self.programs += 1
        self.bytes_programmed += len(view)
        back = self.window[: len(view)]
        try:
            done = not self._partition.writeblocks(index, view, offset)
            done = done and not self._partition.readblocks(index, back, offset)
        except OSError:
            done = False
        return self._note(index, done and back == view)

    def erase(self, index: int) -> bool:
        """Erase a sector and see that it is blank; False marks it bad."""
        self.erases += 1
        try:
            done = not self._partition.ioctl(_ERASE, index)
        except OSError:
            done = False
        return self._note(index, done and self.is_blank(index, 0))

    def is_blank(self, index: int, offset: int, end: int = sector.BYTES) -> bool:
        """True when every byte from `offset` to `end` reads as erased."""
        while offset < end:
            view = self.window[: min(len(self.window), end - offset)]
            self.read(index, offset, view)
            if not blank(view):
                return False
            offset += len(view)
        return True

    def is_bad(self, index: int) -> bool:
        """True when the sector failed in this boot."""
        return bool(self._bad[index >> 3] & (1 << (index & 7)))

    def forgive(self) -> None:
        """Forget what failed: the device may work again."""
        for i in range(len(self._bad)):
            self._bad[i] = 0

    @property
    def bad_sectors(self) -> int:
        """Sectors that failed in this boot."""
        return sum(self.is_bad(i) for i in range(self.sectors))

    def _note(self, index: int, done: bool) -> bool:
        if not done:
            self.failures += 1
            self._bad[index >> 3] |= 1 << (index & 7)
        return done


class Window:
    """A buffered look at one sector, so that a walk over its records reads each byte once."""

    def __init__(self, ring):
        self._ring = ring
        self._view = memoryview(bytearray(2 * record.MAX_BYTES))
        self.open(0, 0)

    def open(self, index: int, end: int) -> None:
        """Look at sector `index`, whose records end at `end`."""
        self._index = index
        self.end = end
        self._from = self._to = 0

    def at(self, offset: int) -> memoryview:
        """The bytes from `offset` on: all of the longest record, or as far as `end`."""
        need = min(offset + record.MAX_BYTES, self.end)
        if offset < self._from or need > self._to:
            self._from = offset
            self._to = min(offset + len(self._view), self.end)
            self._ring.read(self._index, offset, self._view[: self._to - offset])
        return self._view[offset - self._from : self._to - self._from]


def blank(view: memoryview) -> bool:
    """True when `view` reads as erased flash."""
    size = len(_BLANK)
    return all(
        view[at : at + size] == _BLANK[: len(view) - at] for at in range(0, len(view), size)
    )
