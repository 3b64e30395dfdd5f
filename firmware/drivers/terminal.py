"""What is written to the serial port that MicroPython's prompt is on."""

import asyncio
import sys

import micropython
from micropython import const

_CTRL_C = const(3)
_PIECE_BYTES = const(64)  # of the 128 that the UART takes without making us wait
_PIECE_MS = const(6)  # to send them takes 5.6 ms at 115 200 bit/s


def set_break(works: bool) -> None:
    """Whether Ctrl-C ends the program, and leads to MicroPython's prompt."""
    micropython.kbd_intr(_CTRL_C if works else -1)


def echo(data: bytes) -> None:
    """Write a few bytes at once."""
    sys.stdout.buffer.write(data)


async def write(text: str) -> None:
    """Write a text of whatever length; others run meanwhile."""
    data = memoryview(text.encode())
    for place in range(0, len(data), _PIECE_BYTES):
        sys.stdout.buffer.write(data[place : place + _PIECE_BYTES])
        await asyncio.sleep_ms(_PIECE_MS)
