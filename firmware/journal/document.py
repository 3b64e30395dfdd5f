"""One text that outlives any cut of the supply: after it the text is the old one or the new one,
whole, and it stays so.

It is kept in a journal of its own, twice: PIECE records and a DONE, then all of it again with a
DONE that names the first one, its twin. That is written only when the twin is in flash for good:
so a journal that ends with it needs no second look. Any other end may read differently tomorrow,
and gets one more copy before anybody is told of the text.
"""

import struct
from binascii import crc32

from journal import JournalError
from lib import record

PIECE = 0x20
DONE = 0x21
_DONE = "<IIHI"  # first sequence of the pieces, that of the twin's DONE (0: none), length, CRC-32
_COPIES_MAX = 8  # looked at from the newest back, should some be damaged


class Copy:
    """One copy of a text, as its DONE with the sequence `seq` describes it."""

    def __init__(self, seq: int, payload: bytes):
        self.seq = seq
        self.first, self.twin, self.length, self.checksum = struct.unpack(_DONE, payload)


class Document:
    """Keeps one text in a partition of at least four sectors.

    A cut costs at most a sector, so sixteen of them stand a dozen cuts in a row; after more, what
    stands is not overwritten, and nothing can be saved until the partition is formatted.

    passed_over: newer copies that were unreadable when `load` found one. at: where the text that
    was read or written last lies: sector and sequence of its first piece, and its length; None:
    there is none. JournalError from all methods when the partition holds something else.
    """

    def __init__(self, journal):
        """journal: open."""
        self.passed_over = 0
        self.at = None
        self._journal = journal
        journal.check_ours()
        # the copy that stands, two that are written, and as much again for what a boot writes
        self.max_bytes = min(journal.capacity // 5, 0xFFFF)

    def load(self) -> bytes | None:
        """The text saved last, None when there is none."""
        found = self._find()
        if found is None:
            return None
        copy, text = found
        if not (copy.twin and copy.seq == self._journal.newest):
            try:
                self._journal.ack(copy.first - 1)
                self._write(text, copy.seq)
            except JournalError:
                pass  # a flash that is worn out goes on with what it has
        return text

    def save(self, text: bytes) -> None:
        """Replace the text, whole or not at all. JournalError when it is too long or the flash
        does not take it."""
        if len(text) > self.max_bytes:
            raise JournalError("%d bytes do not fit, at most %d" % (len(text), self.max_bytes))
        if self.load() == text:
            return
        found = self._find()
        if found:
            self._journal.ack(found[0].first - 1)
        seq = self._write(text, 0)
        self._write(text, seq)

    def _write(self, text: bytes, twin: int) -> int:
        """Append pieces and DONE, never over what is still needed; returns the DONE's sequence."""
        journal = self._journal
        if journal.free < 2 * len(text) + 1024:
            raise JournalError("no room: cut off too often in a row; format the partition")
        first = journal.newest + 1
        for offset in range(0, len(text), record.MAX_PAYLOAD):
            seq = journal.append(PIECE, text[offset : offset + record.MAX_PAYLOAD])
            if not offset:
                first = seq
                self.at = journal.epoch % journal.ring.sectors, first, len(text)
        return journal.append(DONE, struct.pack(_DONE, first, twin, len(text), crc32(text)))

    def _find(self) -> tuple | None:
        """`(copy, text)` of the newest copy that can be read."""
        journal = self._journal
        self.passed_over = 0
        last = journal.cursor(journal.newest - 1).next()
        if last and last.kind == DONE:  # all went well
            copy = Copy(last.seq, last.payload)
            text = self._read(copy)
            if text is not None:
                return copy, text
        for copy in self._newest_first():
            text = self._read(copy)
            if text is not None:
                return copy, text
            self.passed_over += 1
        return None

    def _newest_first(self) -> list:
        """The newest copies, by reading all of the journal."""
        copies = []
        cursor = self._journal.cursor(self._journal.oldest - 1)
        while True:
            entry = cursor.next()
            if entry is None:
                return copies
            if entry.kind == DONE:
                copies.insert(0, Copy(entry.seq, entry.payload))
                del copies[_COPIES_MAX:]

    def _read(self, copy: Copy) -> bytes | None:
        """The text of a copy, None when it is damaged."""
        cursor = self._journal.cursor(copy.first - 1)
        text = bytearray(copy.length)
        at = None
        offset = 0
        while offset < copy.length:
            entry = cursor.next()
            if entry is None or entry.kind != PIECE or entry.seq >= copy.seq:
                return None
            if not offset:
                at = entry.epoch % self._journal.ring.sectors, entry.seq, copy.length
            text[offset : offset + len(entry.payload)] = entry.payload
            offset += len(entry.payload)
        if crc32(text) != copy.checksum:
            return None
        self.at = at
        return bytes(text)
