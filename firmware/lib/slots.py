"""One block of data in two slots of a partition: after any cut of the supply it is old or new.

A slot is half of the partition: eight places for a commit (32 bytes each), then the data. `save`
erases the older slot, programs the data, then two commits with the next sequence; the highest
valid sequence wins. What was cut short may read differently tomorrow, so `load` settles it before
it answers: a single commit gets a second one, and where the other slot was left without a commit,
the data that are there get two commits more, with a sequence above the one that may yet appear.
"""

import struct
from binascii import crc32

_BLOCK_COUNT = 4  # ioctl operations of the block protocol
_BLOCK_BYTES = 5
_ERASE = 6
_SECTOR_BYTES = 4096
_MAGIC = b"PKSL"
_VERSION = 1
_LAYOUT = "<4sBBHIII"  # magic, version, 0, 0, sequence, length of the data, its CRC-32
_COMMIT_BYTES = 32  # with zeros, and the commit's own CRC-32 at the end
_PLACES = 8
_DATA_OFFSET = _COMMIT_BYTES * _PLACES
_CHUNK_BYTES = 128


class SlotError(Exception):
    """The partition is too small, or the flash did not take the data; the old data stand."""


class SlotStore:
    """Keeps one block of data in a partition of at least two sectors."""

    def __init__(self, partition):
        size = partition.ioctl(_BLOCK_BYTES, 0)
        sectors = partition.ioctl(_BLOCK_COUNT, 0)
        if size != _SECTOR_BYTES or sectors < 2:
            raise SlotError("slot partition: needs at least 2 sectors of 4096 bytes")
        self._partition = partition
        self._sectors = sectors // 2
        self.max_bytes = self._sectors * _SECTOR_BYTES - _DATA_OFFSET

    def load(self) -> bytes | None:
        """The data saved last, None when there are none."""
        newest = self._newest()
        if newest is None:
            return None
        sequences, slot, data = newest
        sequence = sequences[-1]
        if sequences[0] == sequence and self._is_unfinished(1 - slot):
            self._commit(slot, sequence + 2, data)
            self._commit(slot, sequence + 2, data)
        elif sequences.count(sequence) == 1:
            self._commit(slot, sequence, data)
        return data

    def save(self, data: bytes) -> None:
        """Replace the data, whole or not at all. SlotError when that fails, or it is too long."""
        if len(data) > self.max_bytes:
            raise SlotError("%d bytes do not fit, at most %d" % (len(data), self.max_bytes))
        if self.load() == data:
            return
        newest = self._newest()
        sequence, slot = (newest[0][-1] + 1, 1 - newest[1]) if newest else (1, 0)
        try:
            self._write(slot, sequence, data)
        except OSError as error:
            raise SlotError("flash failed: %s" % error)

    def _write(self, slot: int, sequence: int, data: bytes) -> None:
        for sector in range(self._sectors):
            if self._partition.ioctl(_ERASE, slot * self._sectors + sector):
                raise SlotError("a sector cannot be erased")
        for offset in range(0, len(data), _CHUNK_BYTES):
            chunk = data[offset : offset + _CHUNK_BYTES]
            self._program(slot, _DATA_OFFSET + offset, chunk + bytes(-len(chunk) % 16))
        commit = _pack(sequence, data)
        self._program(slot, 0, commit)
        self._program(slot, _COMMIT_BYTES, commit)

    def _newest(self) -> tuple | None:
        """`(sequences of the commits, slot, data)` of the newest slot that is whole."""
        newest = None
        for slot in range(2):
            found = self._look(slot)
            if found and (newest is None or found[0][-1] > newest[0][-1]):
                newest = found
        return newest

    def _look(self, slot: int) -> tuple | None:
        raw = bytearray(_DATA_OFFSET)
        self._read(slot, 0, raw)
        found = None
        sequences = []
        for place in range(_PLACES):
            commit = _unpack(raw[place * _COMMIT_BYTES : (place + 1) * _COMMIT_BYTES])
            if commit and commit[1] <= self.max_bytes:
                found = commit
                sequences.append(commit[0])
        if not found:
            return None
        data = bytearray(found[1])
        self._read(slot, _DATA_OFFSET, data)
        if crc32(data) != found[2]:
            return None
        return sorted(sequences), slot, bytes(data)

    def _is_unfinished(self, slot: int) -> bool:
        """True when a slot was begun and has no commit that can be read."""
        begun = bytearray(16)
        self._read(slot, _DATA_OFFSET, begun)
        return begun != b"\xff" * 16 and self._look(slot) is None

    def _commit(self, slot: int, sequence: int, data: bytes) -> None:
        """Program one more commit into the first place that is blank."""
        raw = bytearray(_COMMIT_BYTES)
        for place in range(_PLACES):
            self._read(slot, place * _COMMIT_BYTES, raw)
            if raw == b"\xff" * _COMMIT_BYTES:
                try:
                    self._program(slot, place * _COMMIT_BYTES, _pack(sequence, data))
                    return
                except (OSError, SlotError):
                    pass  # the next place may do

    def _read(self, slot: int, offset: int, buf: bytearray) -> None:
        """Read across the sectors of a slot. What fails reads as zeros, which is no commit."""
        block = slot * self._sectors + offset // _SECTOR_BYTES
        try:
            self._partition.readblocks(block, buf, offset % _SECTOR_BYTES)
        except OSError:
            buf[:] = bytes(len(buf))

    def _program(self, slot: int, offset: int, data: bytes) -> None:
        block = slot * self._sectors + offset // _SECTOR_BYTES
        back = bytearray(len(data))
        failed = self._partition.writeblocks(block, data, offset % _SECTOR_BYTES)
        if failed or self._partition.readblocks(block, back, offset % _SECTOR_BYTES):
            raise SlotError("the flash refused the data")
        if back != data:
            raise SlotError("the flash did not keep the data")


def _pack(sequence: int, data: bytes) -> bytes:
    head = struct.pack(_LAYOUT, _MAGIC, _VERSION, 0, 0, sequence, len(data), crc32(data))
    head += bytes(_COMMIT_BYTES - 4 - len(head))
    return head + struct.pack("<I", crc32(head))


def _unpack(raw: bytes) -> tuple | None:
    """`(sequence, length, CRC of the data)` of a valid commit."""
    if raw[:4] != _MAGIC or crc32(raw[:-4]) != struct.unpack("<I", raw[-4:])[0]:
        return None
    fields = struct.unpack_from(_LAYOUT, raw, 0)
    return fields[4:] if fields[1] == _VERSION else None
