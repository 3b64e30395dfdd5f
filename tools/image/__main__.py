"""Makes what is written onto a board: `python -m tools.image BOARD --micropython FILE`, or `make
image`.

Exit status 1 when it cannot be made; the reason is one line.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools import boards
from tools.build import ROOT
from tools.build_error import BuildError
from tools.ending import status
from tools.image import image
from tools.image.filesystem import FilesystemFull
from tools.image.image import Image, ImageError
from tools.image.stock import StockError, read


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        made = image.make(options.board, read(options.micropython), options.site)
        target = options.output or ROOT / "build" / f"pulsekeep-{options.board}.bin"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made.data)
    except (BuildError, FilesystemFull, ImageError, StockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    _print(made, target)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.image", description=__doc__)
    parser.add_argument("board", choices=boards.names())
    parser.add_argument(
        "--micropython",
        type=Path,
        required=True,
        metavar="FILE",
        help="a stock MicroPython 1.26 or newer, the .bin of micropython.org's page of the chip",
    )
    parser.add_argument(
        "--site", type=_folder, metavar="FOLDER", help="certificates and profiles, as site/"
    )
    parser.add_argument("--output", type=Path, metavar="FILE")
    return parser


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is no folder")
    return path


def _print(made: Image, target: Path) -> None:
    table = Table("from", "", "bytes", "of", "", title=f"{made.board} ({made.chip})")
    for column in table.columns[2:]:
        column.justify = "right"
    for part in made.parts:
        share = f"{100 * part.used // part.size} %"
        table.add_row(f"{part.offset:#x}", part.name, f"{part.used:,}", f"{part.size:,}", share)
    console = Console()
    console.print(table)
    console.print(f"{target}: write it from {made.first_byte:#x} on.", soft_wrap=True)
    console.print(f"Behind it lie {' and '.join(image.KEPT)}: they are not touched.")


if __name__ == "__main__":
    sys.exit(status(main))
