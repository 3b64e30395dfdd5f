"""One MQTT packet at a time, gathered from many small writes.

Its buffer is made once, when the heap is still whole: a kilobyte cut out of a heap in use is what
fails first.
"""

import struct

_CONNECT = 0x10
_PUBLISH = 0x30
_SUBSCRIBE = 0x82


class Outbox:
    """Stands where umqtt expects its socket."""

    def __init__(self, size: int):
        self._buffer = memoryview(bytearray(size))
        self._length = 0

    def clear(self) -> None:
        """Begin a packet."""
        self._length = 0

    def connect(
        self, client: bytes, keepalive_s: int, will: tuple, will_flags: int, login: tuple
    ) -> None:
        """CONNECT, MQTT 3.1.1 section 3.1, with a clean session: the journal remembers what is
        owed, not the broker. will: topic and text, and login: user and password; or ().
        """
        texts = (client,) + will + login
        flags = 0x02 | (0x04 | will_flags if will else 0) | (0xC0 if login else 0)
        self._begin(_CONNECT, 10 + sum(2 + len(text) for text in texts))
        self.write(b"\x00\x04MQTT\x04")
        self.write(struct.pack("!BH", flags, keepalive_s))
        for text in texts:
            self._text(text)

    def publish(self, packet_id: int, topic: bytes, size: int, retain: bool) -> None:
        """PUBLISH, section 3.3, without its `size` bytes of text; at QoS 0 when there is no packet
        id.
        """
        qos = packet_id > 0
        self._begin(_PUBLISH | qos << 1 | retain, 2 + len(topic) + 2 * qos + size)
        self._text(topic)
        if qos:
            self.write(struct.pack("!H", packet_id))

    def subscribe(self, packet_id: int, topic: bytes) -> None:
        """SUBSCRIBE, section 3.8, to one topic at QoS 1."""
        self._begin(_SUBSCRIBE, 2 + 2 + len(topic) + 1)
        self.write(struct.pack("!H", packet_id))
        self._text(topic)
        self.write(b"\x01")

    def _begin(self, kind: int, length: int) -> None:
        """Fixed header, section 2.2: packet kind and remaining length, seven bits a byte."""
        self.clear()
        head = bytearray((kind,))
        while length > 0x7F:
            head.append(length & 0x7F | 0x80)
            length >>= 7
        head.append(length)
        self.write(head)

    def _text(self, text: bytes) -> None:
        self.write(struct.pack("!H", len(text)))
        self.write(text)

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
