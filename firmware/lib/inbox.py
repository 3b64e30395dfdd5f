"""The MQTT packets that have come, in a buffer that is made once, when the heap is still whole: a
kilobyte cut out of a heap in use is what fails first.
"""

_LENGTH_BYTES_MAX = 4  # of the remaining length, MQTT 3.1.1 section 2.2.3


class Inbox:
    """Bytes are put in where room() says; what is complete is taken out as packets, in order.

    A packet that is too long comes out cut, and the rest of it is passed over: to end the
    connection would help nobody, since a broker may have it for whoever subscribes.
    """

    def __init__(self, buffer: bytearray):
        """buffer: as long as the longest packet that is not cut, its fixed header included."""
        self._buffer = memoryview(buffer)
        self._filled = 0
        self._passing = 0  # bytes still to come of a packet that was cut

    def clear(self) -> None:
        """Forget all: another connection begins."""
        self._filled = self._passing = 0

    def room(self) -> memoryview:
        """Where the next bytes go; never empty after packet() has said that there is none."""
        return self._buffer[self._filled :]

    def fill(self, count: int) -> None:
        """So many bytes have been put into room()."""
        passed = min(count, self._passing)
        if passed:  # then nothing else is in the buffer
            self._passing -= passed
            count -= passed
            self._buffer[:count] = self._buffer[passed : passed + count]
        self._filled += count

    def packet(self) -> tuple | None:
        """(kind, body, is_cut) of the first packet, good until drop(); None while it is not
        complete. is_cut: the body is only its beginning.

        kind: the first byte of the fixed header, MQTT 3.1.1 section 2.2. ValueError when that
        header is none.
        """
        span = self._span()
        size = len(self._buffer)
        if not span or min(span[1], size) > self._filled:
            return None
        return self._buffer[0], self._buffer[span[0] : span[1]], span[1] > size

    def drop(self) -> None:
        """Let go of the first packet, which is complete, or cut."""
        end = self._span()[1]
        rest = max(0, self._filled - end)
        self._passing = max(0, end - self._filled)
        if rest:
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
                return place, place + length
            shift += 7
            if place > _LENGTH_BYTES_MAX:
                raise ValueError("the broker sends packets without an end")
        return ()
