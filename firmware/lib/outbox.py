"""One packet at a time, gathered from many small writes.

Its buffer is made once, when the heap is still whole: a kilobyte cut out of a heap in use is what
fails first.
"""


class Outbox:
    """Stands where umqtt expects its socket."""

    def __init__(self, size: int):
        self._buffer = memoryview(bytearray(size))
        self._length = 0

    def clear(self) -> None:
        """Begin a packet."""
        self._length = 0

    def write(self, data: bytes, size: int | None = None) -> None:
        """Append a piece; what does not fit spoils the packet."""
        if size is not None:
            data = memoryview(data)[:size]
        end = self._length + len(data)
        if end <= len(self._buffer):
            self._buffer[self._length : end] = data
        self._length = end

    def packet(self) -> memoryview | None:
        """The packet, good until the next clear(); None when it grew too long."""
        return self._buffer[: self._length] if self._length <= len(self._buffer) else None

    def close(self) -> None:
        """umqtt's socket would; this one has nothing to close."""
