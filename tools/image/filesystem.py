"""A file system with the firmware in it, as MicroPython mounts it."""

from collections.abc import Mapping
from pathlib import Path

from littlefs import LittleFS, LittleFSError

BLOCK_BYTES = 4096  # a sector of the flash
# What the file system of a stock MicroPython is made with (extmod/vfs_lfsx.c), and the version on
# flash that the oldest littlefs there is can read.
_UNIT_BYTES = 32
_CACHE_BYTES = 128
_DISK_VERSION = 0x20000


class FilesystemFull(Exception):
    """The files do not fit; one line says how far it went."""


def packed(files: Mapping[str, Path], size: int) -> tuple[bytes, int]:
    """(the partition, bytes of it in use) of `size` bytes with the files, each by its place on the
    board.
    """
    made = LittleFS(
        block_size=BLOCK_BYTES,
        block_count=size // BLOCK_BYTES,
        read_size=_UNIT_BYTES,
        prog_size=_UNIT_BYTES,
        cache_size=_CACHE_BYTES,
        lookahead_size=_UNIT_BYTES,
        disk_version=_DISK_VERSION,
    )
    total = 0
    try:
        for place, path in sorted(files.items()):
            folder = place.rpartition("/")[0]
            if folder:
                made.makedirs(folder, exist_ok=True)
            data = path.read_bytes()
            total += len(data)
            with made.open(place, "wb") as file:
                file.write(data)
    except LittleFSError as error:
        raise FilesystemFull(
            f"{size} bytes of the partition vfs are full after {total}"
        ) from error
    return bytes(made.context.buffer), made.used_block_count * BLOCK_BYTES
