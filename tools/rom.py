"""Builds the compiled modules as they lie in flash, where their code runs in place: an image of
ROMFS, MicroPython's read-only file system. With it go the names they use (`NAMES`), which a frozen
build has in flash too.
"""

import os
from pathlib import Path

from mpremote.romfs import VfsRomWriter

from tools import mpy
from tools.build import build

NAMES = "names"  # a file in the image; '\0' between two names


def build_rom(board: str) -> Path:
    """The image with the code for `board`, built if sources have changed, or BuildError."""
    folder = build(board)
    rom = folder.with_suffix(".romfs")
    if not rom.exists():
        writer = VfsRomWriter()
        _write(writer, folder)
        modules = [mpy.read(path.read_bytes()) for path in folder.rglob("*.mpy")]
        names = {name for module in modules for name in module.names}
        writer.mkfile(NAMES, "\0".join(sorted(names)).encode())
        draft = rom.with_suffix(f".{os.getpid()}")
        draft.write_bytes(writer.finalise())
        draft.replace(rom)
    return rom


def _write(writer: VfsRomWriter, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            writer.opendir(path.name)
            _write(writer, path)
            writer.closedir()
        elif path.suffix == ".mpy":
            writer.mkfile(path.name, path.read_bytes())
