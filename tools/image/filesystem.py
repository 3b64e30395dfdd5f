"""A file system with the firmware in it, as MicroPython mounts it."""

from pathlib import Path

from littlefs import LittleFS, LittleFSError

BLOCK_BYTES = 4096  # a sector of the flash
# What the file system of a stock MicroPython is made with (extmod/vfs_lfsx.c), and the version on
# flash that the oldest littlefs there is can read.
_UNIT_BYTES = 32
_CACHE_BYTES = 128
_DISK_VERSION = 0x20000


class FilesystemFull(Exception):
    """The files do not fit; one line says by how much they are too many."""


def packed(folder: Path, size: int) -> tuple[bytes, int]:
    """(the partition, bytes of it in use) of `size` bytes with all files of the folder."""
    blocks = size // BLOCK_BYTES
    files = LittleFS(
        block_size=BLOCK_BYTES,
        block_count=blocks,
        read_size=_UNIT_BYTES,
        prog_size=_UNIT_BYTES,
        cache_size=_CACHE_BYTES,
        lookahead_size=_UNIT_BYTES,
        disk_version=_DISK_VERSION,
    )
    try:
        for path in sorted(folder.rglob("*")):
            place = "/" + path.relative_to(folder).as_posix()
            if path.is_dir():
                files.mkdir(place)
            else:
                with files.open(place, "wb") as file:
                    file.write(path.read_bytes())
    except LittleFSError as error:
        total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        told = f"{total} bytes of files do not fit into {size} of the partition vfs"
        raise FilesystemFull(told) from error
    return bytes(files.context.buffer), files.used_block_count * BLOCK_BYTES
