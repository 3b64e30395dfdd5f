"""What runs on the board."""

from pathlib import Path

from tools.build import ROOT, build

FIRMWARE = ROOT / "firmware"


def image_of(vm: str, board: str) -> Path:
    """The folder with the firmware's files: on MicroPython what is flashed, compiled; on CPython
    the sources of the same files.
    """
    return build(board) if vm == "micropython" else FIRMWARE
