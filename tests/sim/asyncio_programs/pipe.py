"""A small byte pipe with MicroPython's non-blocking stream protocol."""

_STREAM_POLL = 3
_POLLIN = 1
_POLLOUT = 4


class Pipe:
    """What is written comes out again; it holds so many bytes."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.held = b""

    def ioctl(self, request, flags):
        """Readable when it holds something, writable when it is not full."""
        if request != _STREAM_POLL:
            return -1
        ready = 0
        if self.held:
            ready |= _POLLIN
        if len(self.held) < self.capacity:
            ready |= _POLLOUT
        return ready & flags

    def read(self, n):
        """At most n bytes, None when there is nothing."""
        if not self.held:
            return None
        piece = self.held[:n]
        self.held = self.held[len(piece) :]
        return piece

    def readinto(self, buffer):
        """Fill the front of a buffer."""
        piece = self.read(len(buffer))
        if piece is None:
            return None
        buffer[: len(piece)] = piece
        return len(piece)

    def readline(self):
        """What there is, up to a newline."""
        end = self.held.find(b"\n") + 1
        return self.read(end if end else len(self.held))

    def write(self, data):
        """As much as there is room for, None when there is none."""
        piece = bytes(data[: self.capacity - len(self.held)])
        if not piece:
            return None
        self.held += piece
        return len(piece)
