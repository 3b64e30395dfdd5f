"""The image of a board: from the boot loader to the end of the file system, in one piece.

What lies behind, the journal and the identity, is not in it: they stay when a board is flashed
again.
"""

from dataclasses import dataclass
from pathlib import Path

from mp_image_tool_esp32.partition_table import PartitionTable

from tools import boards
from tools.build import build, files
from tools.image import filesystem
from tools.image.stock import Stock

# What .mpy files begin with: version 6, which MicroPython takes since 1.19. The version in the
# next byte is of machine code, of which there is none.
_MPY = b"M\x06"
KEPT = ("journal", "identity")
# The module by which a MicroPython is known that has the firmware in it.
_OURS = "esp32_board.py"


class ImageError(Exception):
    """There can be no such image; one line says why, and what to do."""


@dataclass(frozen=True)
class Part:
    """A stretch of flash that is written."""

    name: str
    offset: int
    used: int  # bytes
    size: int


@dataclass(frozen=True)
class Image:
    """What is written from `first_byte` of the flash on."""

    board: str
    chip: str
    first_byte: int
    data: bytes
    parts: tuple[Part, ...]


def make(board: str, stock: Stock, site: Path | None = None) -> Image:
    """The image of `board` on that MicroPython; ImageError. Where the firmware is part of it
    (boards/manifest.py), the file system has what it reads, and no code. site: a folder that is on
    the board as site/: certificates, profiles of meters.
    """
    facts = boards.facts(board)
    if stock.chip != facts["mcu"]:
        raise ImageError(
            f"{board} has an {facts['mcu']}, and this MicroPython is for {stock.chip}: "
            f"it wants {facts['micropython']}"
        )
    table = boards.table(board)
    app, vfs = table.app_part, table.by_name("vfs")
    if len(stock.app) > app.size:
        raise ImageError(f"MicroPython's {len(stock.app)} bytes do not fit into {app.size}")
    is_frozen = _is_frozen(board, stock.app)
    content = _data(board) if is_frozen else _compiled(board)
    if site:
        content |= {f"site/{place}": path for place, path in _below(site).items()}
    packed, used = filesystem.packed(content, vfs.size)
    parts = (
        Part(
            "boot loader",
            stock.first_byte,
            len(stock.boot_loader),
            PartitionTable.PART_TABLE_OFFSET - stock.first_byte,
        ),
        Part("partitions", PartitionTable.PART_TABLE_OFFSET, 32 * (len(table) + 1), 4096),
        Part("MicroPython", app.offset, len(stock.app), app.size),
        Part("data" if is_frozen else "firmware", vfs.offset, used, vfs.size),
    )
    data = bytearray(b"\xff" * (vfs.offset + vfs.size - stock.first_byte))
    contents = (stock.boot_loader, table.to_bytes(), stock.app, packed)
    for part, content in zip(parts, contents, strict=True):
        begin = part.offset - stock.first_byte
        data[begin : begin + len(content)] = content
    kept = [table.by_name(name) for name in KEPT]
    assert all(entry.offset >= stock.first_byte + len(data) for entry in kept)
    return Image(board, stock.chip, stock.first_byte, bytes(data), parts)


def _is_frozen(board: str, app: bytes) -> bool:
    """Whether the firmware is part of that MicroPython; ImageError where it is another one."""
    if not _says(app, _OURS):
        return False
    if not _says(app, board):
        raise ImageError(f"this MicroPython was not built with boards/{board}/manifest.py")
    for place in files(board):
        if place.suffix == ".py" and not _says(app, place.as_posix()):
            raise ImageError(f"the firmware in this MicroPython has no {place}: build it again")
    return True


def _says(app: bytes, name: str) -> bool:
    """Whether this is a text in there, no more and no less: as the names of frozen files are, and
    what stands in them in quotation marks (MicroPython's tools/mpy-tool.py).
    """
    return b"\0%s\0" % name.encode() in app


def _data(board: str) -> dict[str, Path]:
    """What the firmware reads: files by their place on the board."""
    return {
        place.as_posix(): path for place, path in files(board).items() if place.suffix != ".py"
    }


def _compiled(board: str) -> dict[str, Path]:
    """The same with the compiled firmware."""
    found = _below(build(board))
    for path in found.values():
        if path.suffix == ".mpy" and not path.read_bytes().startswith(_MPY):
            raise ImageError(f"{path.name}: not of version 6; which mpy-cross was that?")
    return found


def _below(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
