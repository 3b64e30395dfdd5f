"""The journal's sector header: 32 bytes, the first program operation in an erased sector."""

import struct
from binascii import crc32

BYTES = 4096
HEADER_BYTES = 32
MAGIC = b"PKJL"
VERSION = 1
_LAYOUT = "<4sBBHIIIII"  # magic, version, 0, sectors, epoch, first, acked, boot, lost; then CRC

# What the first 32 bytes of a sector may be.
BLANK = 0
VALID = 1
GARBAGE = 2
NEWER = 3  # a valid header of a newer format
RESIZED = 4  # a valid header of a ring with another number of sectors

_BLANK_HEADER = b"\xff" * HEADER_BYTES


class Header:
    """Fields of one header; `kind` says what was found, the rest holds only when VALID.

    epoch: number of this use of the sector; epoch modulo sectors is its index
    first: sequence of the first new record written into it
    acked, boot, lost: the journal's state at the moment it was opened
    """

    def __init__(self):
        self.kind = BLANK
        self.epoch = self.first = self.acked = self.boot = self.lost = 0

    def pristine(self, index: int) -> None:
        """What the first header of a partition says, should it be written into `index`."""
        self.epoch = index
        self.first = self.boot = 1
        self.acked = self.lost = 0

    def parse(self, raw: bytes, sectors: int, index: int) -> bool:
        """Read 32 bytes found at the start of sector `index`; True when they are valid."""
        self.kind = GARBAGE
        if raw == _BLANK_HEADER:
            self.kind = BLANK
        elif raw[:4] == MAGIC and crc32(raw[:28]) == struct.unpack_from("<I", raw, 28)[0]:
            fields = struct.unpack_from(_LAYOUT, raw, 0)
            if fields[1] > VERSION:
                self.kind = NEWER
            elif fields[3] != sectors:
                self.kind = RESIZED
            elif fields[4] % sectors == index:
                self.kind = VALID
                self.epoch, self.first, self.acked, self.boot, self.lost = fields[4:]
        return self.kind == VALID

    def pack_into(self, buf: bytearray, sectors: int) -> None:
        """Encode into `buf[:32]`."""
        state = (self.epoch, self.first, self.acked, self.boot, self.lost)
        struct.pack_into(_LAYOUT, buf, 0, MAGIC, VERSION, 0, sectors, *state)
        struct.pack_into("<I", buf, 28, crc32(memoryview(buf)[:28]))
