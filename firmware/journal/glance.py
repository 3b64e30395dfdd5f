"""Reads a document's text once more from where it was found, without its journal: to recover that
takes 5 KB of the heap. Whether it is still the text is for its digest to say.
"""

from journal.document import PIECE
from lib import record, sector

_COUNT = 4  # ioctl operation of the block protocol


def text(partition, index: int, first: int, length: int) -> memoryview:
    """`length` bytes out of the pieces from the one with the sequence `first` on, which lies in
    sector `index`, as the others do, or in the next. OSError when the flash cannot be read.
    """
    found = memoryview(bytearray(length))
    head = bytearray(record.HEAD_BYTES)
    got = 0
    for each in (index, (index + 1) % partition.ioctl(_COUNT, 0)):
        offset = sector.HEADER_BYTES
        while offset < sector.BYTES and got < length:
            partition.readblocks(each, head, offset)
            kind, low, _, size = head
            if kind == PIECE and (got or low == first & 0xFF):
                piece = found[got : got + size]
                partition.readblocks(each, piece, offset + record.HEAD_BYTES)
                got += len(piece)
            is_one = record.is_storable(kind, size)
            offset += record.padded(kind, size) if is_one else record.SLOT_BYTES
    return found
