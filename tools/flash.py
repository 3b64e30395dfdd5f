"""Writes an image onto a board, and reads it back: `python -m tools.flash BOARD --port DEVICE`, or
`make flash`.

Journal and identity of the board stay. Exit status 1 when something is wrong; one line says what,
and what to do.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from esptool.cmds import detect_flash_size, verify_flash, write_flash
from esptool.loader import ESPLoader
from esptool.util import ImageSource
from mp_image_tool_esp32.partition_table import PartitionTable

from tools import boards, chip
from tools.build import ROOT
from tools.chip import ChipError
from tools.config import ConfigError, load_settings
from tools.ending import status
from tools.identity import identity_image
from tools.image.image import KEPT
from tools.image.stock import FIRST_BYTE

Pieces = list[tuple[int, ImageSource]]


class FlashError(Exception):
    """It cannot go on; one line says why, and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        _flash(options, _pieces(options))
    except (ChipError, ConfigError, FlashError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: ended before it was done: flash it again", file=sys.stderr)
        return 1
    then = "it starts now" if chip.starts(options) else "press RESET"
    stayed = "Its journal" if options.config else "Its journal and its identity"
    print(f"{options.board}: written and read back; {then}. {stayed} stayed.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.flash", description=__doc__)
    parser.add_argument("board", choices=boards.names())
    chip.add_options(parser)
    parser.add_argument("--image", type=Path, metavar="FILE", help="of `make image`")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="this becomes its configuration, whole"
    )
    parser.add_argument(
        "--lose-data",
        action="store_true",
        help="go on where the board's journal or identity would be lost",
    )
    return parser


def _pieces(options: argparse.Namespace) -> Pieces:
    """What is written, by where in flash; all that can be wrong with it is told before the port is
    opened.
    """
    board = options.board
    path = options.image or ROOT / "build" / f"pulsekeep-{board}.bin"
    if not path.is_file():
        raise FlashError(f"{path} is not there: `make image BOARD={board}` makes it")
    pieces: Pieces = [(FIRST_BYTE[boards.facts(board)["mcu"]], str(path))]
    if options.config:
        load_settings(options.config)
        identity = identity_image(options.config.read_bytes())
        pieces.append((boards.table(board).by_name("identity").offset, identity))
    return pieces


def _flash(options: argparse.Namespace, pieces: Pieces) -> None:
    facts = boards.facts(options.board)
    with chip.connected(options, facts["mcu"]) as found:
        _check_size(found, facts["flash_mib"])
        if not options.lose_data:
            _check_kept(found, boards.table(options.board))
        write_flash(found, pieces, flash_freq="keep", flash_mode="keep", flash_size="keep")
        verify_flash(found, pieces)


def _check_size(found: ESPLoader, wanted_mib: int) -> None:
    told = detect_flash_size(found) or "?"
    if not told.endswith("MB") or int(told[:-2]) < wanted_mib:
        raise FlashError(f"this board has {told} of flash, and {wanted_mib} MB are needed")


def _check_kept(found: ESPLoader, ours: PartitionTable) -> None:
    """What the board has of journal and identity must be where it will be looked for."""
    theirs = chip.table(found)
    for name in KEPT:
        there, here = theirs.find(name) if theirs else None, ours.by_name(name)
        if there and (there.offset, there.size) != (here.offset, here.size):
            raise FlashError(
                f"the {name} of this board lies elsewhere ({there.offset:#x}), and would be lost: "
                "`make dump` brings home what is in it; then say --lose-data"
            )


if __name__ == "__main__":
    sys.exit(status(main))
