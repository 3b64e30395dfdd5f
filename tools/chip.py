"""An ESP32 in its boot loader at the end of a serial port, spoken with by esptool."""

import argparse
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esptool import FatalError
from esptool.cmds import attach_flash, detect_chip, read_flash, reset_chip, run_stub
from esptool.loader import ESPLoader
from mp_image_tool_esp32.partition_table import PartitionError, PartitionTable
from serial import SerialException
from serial.tools.list_ports import comports

FAST_BPS = 460_800
_CONNECT_BPS = 115_200
_RESETS = ("default-reset", "no-reset")


class ChipError(Exception):
    """It cannot go on; one line says why, and what to do."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """How to reach it."""
    parser.add_argument("--port", required=True, metavar="DEVICE", help="such as /dev/ttyUSB0")
    parser.add_argument("--baud", type=int, default=FAST_BPS, metavar="BIT/S")
    parser.add_argument(
        "--reset", choices=_RESETS, default=_RESETS[0], help="no-reset: BOOT is held by hand"
    )


@contextmanager
def connected(options: argparse.Namespace, wanted: str = "") -> Iterator[ESPLoader]:
    """The chip, with its flash at hand; it starts when all is done. wanted: as `mcu` in
    board.json, another chip is refused. ChipError also for what goes wrong meanwhile.
    """
    with _told(options.port):
        chip = detect_chip(options.port, _CONNECT_BPS, connect_mode=options.reset)
        try:
            found = chip.CHIP_NAME.lower().replace("-", "")
            if wanted not in ("", found):
                told = f"{options.port}: this chip is an {found}, and {wanted} is wanted"
                raise ChipError(f"{told}: is it another board?")
            chip = run_stub(chip)
            if options.baud != _CONNECT_BPS:
                chip.change_baud(options.baud)
            attach_flash(chip)
            yield chip
            reset_chip(chip, "hard-reset" if starts(options) else "no-reset")
        finally:
            chip._port.close()


def starts(options: argparse.Namespace) -> bool:
    """Whether the chip starts by itself when all is done."""
    return options.reset == _RESETS[0]


def table(chip: ESPLoader) -> PartitionTable | None:
    """The partitions that are on it, if any."""
    data = read_flash(chip, PartitionTable.PART_TABLE_OFFSET, PartitionTable.PART_TABLE_SIZE)
    try:
        return PartitionTable.from_bytes(data or b"")
    except PartitionError:
        return None


@contextmanager
def _told(port: str) -> Iterator[None]:
    """What esptool and the serial port raise, in a line."""
    try:
        yield
    except (FatalError, SerialException, OSError) as error:
        number = getattr(error.__context__ or error, "errno", None)
        first = str(error).strip().partition("\n")[0] or type(error).__name__
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
        raise ChipError(first) from error
