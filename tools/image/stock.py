"""A stock MicroPython for an ESP32, as its download page has it: checked, and taken apart."""

import re
from dataclasses import dataclass
from pathlib import Path

from mp_image_tool_esp32.image_header import ImageHeader
from mp_image_tool_esp32.partition_table import PartitionTable

OLDEST = (1, 26)
# Where in flash the chip looks for the boot loader (ESP-IDF, "Bootloader"): the file begins there.
FIRST_BYTE = {"esp32": 0x1000, "esp32c3": 0}
# What its prompt says first (py/mpconfig.h). The name and the version that ESP-IDF has a place for
# are left out of every MicroPython (ports/esp32/boards/sdkconfig.base).
_BANNER = re.compile(rb"MicroPython (v(\d+)\.(\d+)[^ \0]*) on \d{4}-\d\d-\d\d")


class StockError(Exception):
    """The file is not what is wanted; one line says why, and what to do."""


@dataclass(frozen=True)
class Stock:
    """What is kept of the file."""

    chip: str  # as esptool has it
    version: str
    boot_loader: bytes
    app: bytes

    @property
    def first_byte(self) -> int:
        """Where in flash the boot loader begins."""
        return FIRST_BYTE[self.chip]


def read(path: Path) -> Stock:
    """The file; StockError when it is damaged, too old, or for a chip that no board has."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StockError(f"{path}: cannot be read: {error.strerror}") from error
    chip = _header(path, data, "boot loader").chip_name
    if chip not in FIRST_BYTE:
        raise StockError(f"{path}: is for {chip}; there are boards for {' and '.join(FIRST_BYTE)}")
    first = FIRST_BYTE[chip]
    boot_loader = _checked(path, data[: PartitionTable.PART_TABLE_OFFSET - first], "boot loader")
    app = _checked(path, data[PartitionTable.APP_PART_OFFSET - first :], "application")
    if _header(path, app, "application").chip_name != chip:
        raise StockError(f"{path}: the boot loader is for {chip}, and the application is not")
    return Stock(chip, _version(path, app), boot_loader, app)


def _header(path: Path, data: bytes, whose: str) -> ImageHeader:
    try:
        return ImageHeader.from_bytes(data).validate()
    except ValueError as error:
        told = f"{path}: no {whose} of an ESP32 where one must be"
        raise StockError(f"{told}; give the .bin of micropython.org's page of the chip") from error


def _checked(path: Path, data: bytes, whose: str) -> bytes:
    """The image without what comes behind it. It ends with a SHA-256 of itself."""
    header = _header(path, data, whose)
    try:
        size, expected, found = header.check_image_hash(data)
    except ValueError as error:
        raise StockError(f"{path}: its {whose} is cut off; download it again") from error
    if expected != found:
        raise StockError(f"{path}: its {whose} is damaged; download it again")
    return data[: size + len(found)]


def _version(path: Path, app: bytes) -> str:
    found = _BANNER.search(app)
    if not found:
        raise StockError(f"{path}: holds something else, not MicroPython")
    told = found[1].decode(errors="replace")
    if (int(found[2]), int(found[3])) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise StockError(f"{path}: is MicroPython {told}; it must be {wanted} or newer")
    return told
