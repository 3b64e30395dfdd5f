"""Writes an image onto a board, and reads it back: `python -m tools.flash BOARD --port DEVICE`, or
`make flash`.

Journal and identity of the board stay. Exit status 1 when something is wrong; one line says what,
and what to do.
"""

import argparse
import errno
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from esptool import FatalError
from esptool.cmds import (
    attach_flash,
    detect_chip,
    detect_flash_size,
    read_flash,
    reset_chip,
    run_stub,
    verify_flash,
    write_flash,
)
from esptool.loader import ESPLoader
from esptool.util import ImageSource
from mp_image_tool_esp32.partition_table import PartitionError, PartitionTable
from serial import SerialException
from serial.tools.list_ports import comports

from tools.build import ROOT
from tools.config import ConfigError, load_settings
from tools.identity import identity_image
from tools.image import partitions
from tools.image.image import KEPT, boards
from tools.image.stock import FIRST_BYTE

FAST_BPS = 460_800
_CONNECT_BPS = 115_200
_RESETS = ("default-reset", "no-reset")


class FlashError(Exception):
    """It cannot go on; one line says why, and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        pieces = _pieces(options)
        with _told(options.port):
            _flash(options, pieces)
    except (ConfigError, FlashError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: ended before it was done: flash it again", file=sys.stderr)
        return 1
    then = "it starts now" if options.reset == _RESETS[0] else "press RESET"
    stayed = "Its journal" if options.config else "Its journal and its identity"
    print(f"{options.board}: written and read back; {then}. {stayed} stayed.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.flash", description=__doc__)
    parser.add_argument("board", choices=boards())
    parser.add_argument("--port", required=True, metavar="DEVICE", help="such as /dev/ttyUSB0")
    parser.add_argument("--image", type=Path, metavar="FILE", help="of `make image`")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="this becomes its configuration, whole"
    )
    parser.add_argument("--baud", type=int, default=FAST_BPS, metavar="BIT/S")
    parser.add_argument(
        "--reset", choices=_RESETS, default=_RESETS[0], help="no-reset: BOOT is held by hand"
    )
    parser.add_argument(
        "--lose-data",
        action="store_true",
        help="go on where the board's journal or identity would be lost",
    )
    return parser


def _facts(board: str) -> dict[str, Any]:
    return json.loads((ROOT / "boards" / board / "board.json").read_text(encoding="utf-8"))


def _table(board: str) -> PartitionTable:
    path = ROOT / "boards" / board / "partitions.csv"
    return partitions.table(path, _facts(board)["flash_mib"] << 20)


def _pieces(options: argparse.Namespace) -> list[tuple[int, ImageSource]]:
    """What is written, by where in flash; all that can be wrong with it is told before the port is
    opened.
    """
    board = options.board
    path = options.image or ROOT / "build" / f"pulsekeep-{board}.bin"
    if not path.is_file():
        raise FlashError(f"{path} is not there: `make image BOARD={board}` makes it")
    pieces: list[tuple[int, ImageSource]] = [(FIRST_BYTE[_facts(board)["mcu"]], str(path))]
    if options.config:
        load_settings(options.config)
        identity = identity_image(options.config.read_bytes())
        pieces.append((_table(board).by_name("identity").offset, identity))
    return pieces


def _flash(options: argparse.Namespace, pieces: list[tuple[int, ImageSource]]) -> None:
    board, facts = options.board, _facts(options.board)
    chip = detect_chip(options.port, _CONNECT_BPS, connect_mode=options.reset)
    try:
        found = chip.CHIP_NAME.lower().replace("-", "")
        if found != facts["mcu"]:
            raise FlashError(
                f"{options.port}: this chip is an {found}, and {board} has an {facts['mcu']}: is "
                "it another board?"
            )
        chip = run_stub(chip)
        if options.baud != _CONNECT_BPS:
            chip.change_baud(options.baud)
        attach_flash(chip)
        _check_size(chip, facts["flash_mib"])
        if not options.lose_data:
            _check_kept(chip, _table(board))
        write_flash(chip, pieces, flash_freq="keep", flash_mode="keep", flash_size="keep")
        verify_flash(chip, pieces)
        reset_chip(chip, "hard-reset" if options.reset == _RESETS[0] else "no-reset")
    finally:
        chip._port.close()


def _check_size(chip: ESPLoader, wanted_mib: int) -> None:
    told = detect_flash_size(chip) or "?"
    if not told.endswith("MB") or int(told[:-2]) < wanted_mib:
        raise FlashError(f"this board has {told} of flash, and {wanted_mib} MB are needed")


def _check_kept(chip: ESPLoader, ours: PartitionTable) -> None:
    """What the board has of journal and identity must be where it will be looked for."""
    data = read_flash(chip, PartitionTable.PART_TABLE_OFFSET, PartitionTable.PART_TABLE_SIZE)
    try:
        theirs = PartitionTable.from_bytes(data or b"")
    except PartitionError:
        return  # nothing of ours
    for name in KEPT:
        there, here = theirs.find(name), ours.by_name(name)
        if there and (there.offset, there.size) != (here.offset, here.size):
            raise FlashError(
                f"the {name} of this board lies elsewhere ({there.offset:#x}), and would be lost: "
                "save what is in it, and then say --lose-data"
            )


@contextmanager
def _told(port: str) -> Iterator[None]:
    """What esptool and the serial port raise, in a line."""
    try:
        yield
    except (FatalError, SerialException, OSError) as error:
        number = getattr(error.__context__ or error, "errno", None)
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if number == errno.EACCES:
            first = (
                f"{port}: you may not use it: `sudo usermod -aG dialout $USER`, and log in again"
            )
        elif number in (errno.ENOENT, errno.ENXIO) or not Path(port).exists():
            there = ", ".join(each.device for each in comports()) or "none"
            first = f"{port} is not there; ports: {there}"
        elif number in (errno.EBUSY, errno.EAGAIN):
            first = f"{port} is in use: close mpremote or the other program that has it"
        elif isinstance(error, FatalError):
            first = f"{port}: {first} Hold BOOT, press RESET, and try again?"
        raise FlashError(first) from error


if __name__ == "__main__":
    sys.exit(main())
