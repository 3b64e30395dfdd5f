"""The MQTT packets that have come, in a buffer that is made once, as the outbox's is: a kilobyte
cut out of a heap in use is what fails first.
"""

_LENGTH_BYTES_MAX = 2  # of the remaining length: 16 383, far above what is ever taken


class Inbox:
    """Bytes are put in where room() says; what is complete is taken out as packets, in order."""

    def __init__(self, size: int):
        """size: bytes of the longest packet, its fixed header included."""
        self._buffer = memoryview(bytearray(size))
        self._filled = 0

    def clear(self) -> None:
        """Forget all: another connection begins."""
        self._filled = 0

    def room(self) -> memoryview:
        """Where the next bytes go; never empty after packet() has said that there is none."""
        return self._buffer[self._filled :]

    def fill(self, count: int) -> None:
        """So many bytes have been put into room()."""
        self._filled += count

    def packet(self) -> tuple | None:
        """(kind, body) of the first packet, good until drop(); None while it is not complete.

        kind: the first byte of the fixed header, MQTT 3.1.1 section 2.2. ValueError when it is
        longer than the buffer.
        """
        span = self._span()
        if not span or span[1] > self._filled:
            return None
        return self._buffer[0], self._buffer[span[0] : span[1]]

    def drop(self) -> None:
        """Let go of the first packet, which is complete."""
        end = self._span()[1]
        rest = self._filled - end
        self._buffer[:rest] = self._buffer[end : self._filled]
        self._filled = rest

    def _span(self) -> tuple:
        """(where the body begins, where it ends); () while that is not known."""
        length = shift = 0
        place = 1
        while place < self._filled:
            byte = self._buffer[place]
            length |= (byte & 0x7F) << shift
            place += 1
            if byte < 0x80:
                if place + length > len(self._buffer):
                    break
                return place, place + length
            shift += 7
            if place > _LENGTH_BYTES_MAX:
                break
        else:
            return ()
        raise ValueError("the broker sends packets that are too long")
