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


def packed(folders: Mapping[str, Path], size: int) -> tuple[bytes, int]:
    """(the partition, bytes of it in use) of `size` bytes with all files of the folders, each by
    the place on the board where it goes ("" or "site").
    """
    files = LittleFS(
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
        for place, folder in folders.items():
            if place:
                files.mkdir(place)
            for path in sorted(folder.rglob("*")):
                there = f"{place}/{path.relative_to(folder).as_posix()}"
                if path.is_dir():
                    files.mkdir(there)
                    continue
                data = path.read_bytes()
                total += len(data)
                with files.open(there, "wb") as file:
                    file.write(data)
    except LittleFSError as error:
        raise FilesystemFull(
            f"{size} bytes of the partition vfs are full after {total}"
        ) from error
    return bytes(files.context.buffer), files.used_block_count * BLOCK_BYTES
