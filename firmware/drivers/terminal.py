"""The serial port that MicroPython's prompt is on, for a console: bytes as they come, and texts.

The chip keeps 259 bytes that nobody has taken (mphalport.c), 22 ms of a line that never rests: who
sends more at once waits for the answer first.
"""

import asyncio
import select
import sys

import micropython
from micropython import const

_CTRL_C = const(3)
_PIECE_BYTES = const(64)  # of the 128 that the UART takes without making us wait
_PIECE_MS = const(6)  # to send them takes 5.6 ms at 115 200 bit/s


def reader():
    """What waits for the next byte."""
    return asyncio.StreamReader(sys.stdin.buffer)


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


class Keys:
    """Bytes that were typed; `reader` is what reader() has made."""

    def __init__(self, reader):
        self._reader = reader
        self._stream = sys.stdin.buffer
        self._poll = select.poll()

    async def first(self) -> int:
        """The next one, however long it takes."""
        return (await self._reader.read(1))[0]

    def next(self) -> int:
        """The next one, where one is there; else -1."""
        self._poll.register(self._stream, select.POLLIN)
        is_there = self._poll.poll(0)
        self._poll.unregister(self._stream)
        return self._stream.read(1)[0] if is_there else -1
