"""The identity partition as the firmware would have written it, for provisioning a board or the
bench; and read as the firmware would.
"""

from tools.firmware_path import FIRMWARE  # noqa: F401  (makes the firmware's modules importable)

from journal.document import Document  # isort: skip
from journal.identity import load, opened, place_in  # isort: skip

SECTOR_BYTES = 4096
SECTORS = 16  # boards/*/partitions.csv


class _Image:
    """A partition in memory with the methods of esp32.Partition."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        start = block * SECTOR_BYTES + offset
        buffer[:] = self.data[start : start + len(buffer)]

    def writeblocks(self, block: int, buffer: bytes, offset: int = 0) -> None:
        start = block * SECTOR_BYTES + offset
        self.data[start : start + len(buffer)] = buffer

    def ioctl(self, command: int, argument: int) -> int:
        if command == 4:
            return len(self.data) // SECTOR_BYTES
        if command == 5:
            return SECTOR_BYTES
        if command == 6:
            start = argument * SECTOR_BYTES
            self.data[start : start + SECTOR_BYTES] = b"\xff" * SECTOR_BYTES
        return 0


def identity_image(config_text: bytes, sectors: int = SECTORS) -> bytes:
    """The bytes of an identity partition that holds this configuration."""
    image = _Image(b"\xff" * sectors * SECTOR_BYTES)
    Document(opened(image)).save(config_text)
    return bytes(image.data)


def config_text(image: bytes) -> bytes | None:
    """The configuration in an identity partition, `{}` where none was ever stored; None where it
    cannot be read.
    """
    text, problems = load(place_in(_Image(image)))
    return None if problems else text
