"""Builds the compiled modules as they lie in flash, where their code runs in place: an image of
ROMFS, MicroPython's read-only file system. With it go the names they use (`NAMES`), which a frozen
build has in flash too.
"""

import os
from pathlib import Path

from mpremote.romfs import VfsRomWriter

from tools.build import build

NAMES = "names"  # a file in the image; '\0' between two names


def build_rom(board: str) -> Path:
    """The image with the code for `board`, built if sources have changed, or BuildError."""
    folder = build(board)
    rom = folder.with_suffix(".romfs")
    if not rom.exists():
        writer = VfsRomWriter()
        _write(writer, folder)
        names = {name for path in folder.rglob("*.mpy") for name in mpy_names(path.read_bytes())}
        writer.mkfile(NAMES, "\0".join(sorted(names)).encode())
        draft = rom.with_suffix(f".{os.getpid()}")
        draft.write_bytes(writer.finalise())
        draft.replace(rom)
    return rom


def mpy_names(module: bytes) -> list[str]:
    """The names in a compiled module that not every MicroPython has: the first table in it
    (py/persistentcode.c, version 6.3).
    """
    place = 4

    def number() -> int:
        nonlocal place
        value = 0
        while True:
            byte = module[place]
            place += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    count, _, names = number(), number(), []
    for _ in range(count):
        length = number()
        if length & 1:  # a number in every MicroPython's own table
            continue
        names.append(module[place : place + length // 2].decode())
        place += length // 2 + 1
    return names


def _write(writer: VfsRomWriter, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            writer.opendir(path.name)
            _write(writer, path)
            writer.closedir()
        elif path.suffix == ".mpy":
            writer.mkfile(path.name, path.read_bytes())
