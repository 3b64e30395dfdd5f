"""Streams over anything with MicroPython's non-blocking `read`, `readinto`, `write`, `close`.

Those return None when they would block. Every read waits for a poll first, even when data is
there, so a reader always gives way.
"""

from types import coroutine

from . import core

_NEWLINE = 10


class Stream:
    """Reader and writer in one, as in MicroPython; one task may read while another writes."""

    def __init__(self, s, e=None):
        self.s = s
        self.e = {} if e is None else e
        self.out_buf = b""

    def get_extra_info(self, name):
        """What the creator of the stream left for its users, e.g. `peername`."""
        return self.e[name]

    def close(self):
        """Nothing yet: `wait_closed` closes."""

    async def wait_closed(self):
        """Close the stream."""
        self.s.close()

    @coroutine
    def read(self, n=-1):
        """What there is, at most n bytes (b"" at the end); all up to the end if n is negative."""
        received = b""
        while True:
            yield core._io_queue.queue_read(self.s)
            piece = self.s.read(n)
            if piece is None:
                continue
            if n >= 0:
                return piece
            if not piece:
                return received
            received += piece

    @coroutine
    def readinto(self, buf):
        """Read into a buffer once; returns the number of bytes, or None."""
        yield core._io_queue.queue_read(self.s)
        return self.s.readinto(buf)

    @coroutine
    def readexactly(self, n):
        """Exactly n bytes. Raises EOFError when the stream ends before."""
        received = b""
        while n:
            yield core._io_queue.queue_read(self.s)
            piece = self.s.read(n)
            if piece is None:
                continue
            if not piece:
                raise EOFError
            received += piece
            n -= len(piece)
        return received

    @coroutine
    def readline(self):
        """A line with its newline, or what is left at the end of the stream."""
        line = b""
        while True:
            yield core._io_queue.queue_read(self.s)
            piece = self.s.readline()
            if piece is None:
                continue
            line += piece
            if not piece or line[-1] == _NEWLINE:
                return line

    def write(self, buf):
        """Write what the stream takes at once and keep the rest for `drain`."""
        if not self.out_buf:
            written = self.s.write(buf)
            if written == len(buf):
                return
            if written is not None:
                buf = buf[written:]
        self.out_buf += buf

    @coroutine
    def drain(self):
        """Write what is left. Always gives way, so that no loop of writes can block the others."""
        if not self.out_buf:
            yield from core.sleep_ms(0)
            return
        rest = memoryview(self.out_buf)
        while rest:
            yield core._io_queue.queue_write(self.s)
            written = self.s.write(rest)
            if written is not None:
                rest = rest[written:]
        self.out_buf = b""


StreamReader = Stream
StreamWriter = Stream
