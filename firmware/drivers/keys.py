"""What is typed at the serial port that MicroPython's prompt is on, byte by byte.

The chip keeps 259 bytes that nobody has taken (mphalport.c), 22 ms of a line that never rests: who
sends more at once waits for the answer first.
"""

import asyncio
import select
import sys


def reader():
    """What waits for the next byte."""
    return asyncio.StreamReader(sys.stdin.buffer)


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
