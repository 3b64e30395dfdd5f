"""The firmware of this board as part of MicroPython: README.md in the folder above."""

include("../manifest.py")
module("board.py")
