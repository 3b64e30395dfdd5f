"""MQTT 3.1.1 packets as a broker sees them: bytes in, values out, and back.

Written from the OASIS standard (section numbers in the comments), QoS 0 and 1 only. It never
touches a socket and knows no session. A packet that breaks the standard raises `ProtocolError`;
the only answer the standard leaves to a broker is then to close the connection (4.8).
"""

from collections.abc import Iterator
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, PUBACK = 1, 2, 3, 4
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK = 8, 9, 10, 11
PINGREQ, PINGRESP, DISCONNECT = 12, 13, 14

ACCEPTED, BAD_LEVEL, BAD_CLIENT_ID, UNAVAILABLE, BAD_USER, NOT_AUTHORISED = range(6)  # 3.2.2.3

_LENGTH_BYTES_MAX = 4  # 2.2.3
_FIXED_FLAGS = {SUBSCRIBE: 2, UNSUBSCRIBE: 2}  # 2.2.2; every other kind but PUBLISH has 0


class ProtocolError(Exception):
    """The peer sent something the standard does not allow."""


@dataclass(frozen=True)
class Message:
    """One application message: topic, payload, how it was published."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


@dataclass(frozen=True)
class Connect:
    """What a client says of itself when it connects."""

    client_id: str
    clean: bool
    keepalive_s: int
    will: Message | None
    user: str | None
    password: bytes | None
    level: int


@dataclass(frozen=True)
class Publish:
    """A PUBLISH packet; `packet_id` is 0 for QoS 0."""

    message: Message
    packet_id: int
    dup: bool


class Splitter:
    """Cuts a byte stream into packets, whatever pieces it arrives in."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Yield (kind, flags, body) of each packet completed by `data`."""
        self._buffer += data
        while (header := self._header()) is not None:
            start, length = header
            if len(self._buffer) < start + length:
                return
            first, body = self._buffer[0], bytes(self._buffer[start : start + length])
            del self._buffer[: start + length]
            kind, flags = first >> 4, first & 15
            if kind != PUBLISH and flags != _FIXED_FLAGS.get(kind, 0):
                raise ProtocolError(f"flags {flags} on packet kind {kind}")
            yield kind, flags, body

    def _header(self) -> tuple[int, int] | None:
        """Where the body starts and how long it is; None while the header is incomplete."""
        length = 0
        for i, byte in enumerate(self._buffer[1 : 1 + _LENGTH_BYTES_MAX]):
            length |= (byte & 0x7F) << (7 * i)
            if byte < 0x80:
                return 2 + i, length
        if len(self._buffer) > _LENGTH_BYTES_MAX:
            raise ProtocolError("remaining length longer than four bytes")
        return None


class Reader:
    """Takes the fields of one packet body, in order."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        piece = self._body[self._at : self._at + count]
        if len(piece) < count:
            raise ProtocolError("packet ends inside a field")
        self._at += count
        return piece

    def integer(self, width: int) -> int:
        """The next big-endian integer of `width` bytes."""
        return int.from_bytes(self.take(width), "big")

    def packet_id(self) -> int:
        """A packet identifier, which is never 0 (2.3.1)."""
        packet_id = self.integer(2)
        if packet_id == 0:
            raise ProtocolError("packet id 0")
        return packet_id

    def blob(self) -> bytes:
        """A field with a two-byte length before it."""
        return self.take(self.integer(2))

    def text(self) -> str:
        """A UTF-8 string; control characters are refused, as section 1.5.3 allows."""
        try:
            text = self.blob().decode()
        except UnicodeDecodeError as error:
            raise ProtocolError("text is not UTF-8") from error
        if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in text):
            raise ProtocolError("control character in text")
        return text

    def rest(self) -> bytes:
        """Everything not taken yet."""
        return self.take(self.left)

    @property
    def left(self) -> int:
        """How many bytes are not taken yet."""
        return len(self._body) - self._at


def parse_connect(body: bytes) -> Connect:
    """3.1. Raises `ProtocolError`; an unknown level is the caller's to refuse."""
    reader = Reader(body)
    if reader.text() != "MQTT":
        raise ProtocolError("unknown protocol name")
    level, flags, keepalive_s = reader.integer(1), reader.integer(1), reader.integer(2)
    clean, has_will, will_qos, will_retain = flags & 2, flags & 4, flags >> 3 & 3, flags & 32
    has_password, has_user = flags & 64, flags & 128
    if flags & 1 or will_qos == 3:
        raise ProtocolError("reserved bits in the connect flags")
    if not has_will and (will_qos or will_retain):
        raise ProtocolError("will options without a will")
    if has_password and not has_user:
        raise ProtocolError("password without a user")
    client_id = reader.text()
    will = None
    if has_will:
        will = Message(checked_topic(reader.text()), reader.blob(), will_qos, bool(will_retain))
    user = reader.text() if has_user else None
    password = reader.blob() if has_password else None
    if reader.left:
        raise ProtocolError("CONNECT is too long")
    return Connect(client_id, bool(clean), keepalive_s, will, user, password, level)


def parse_publish(flags: int, body: bytes) -> Publish:
    """3.3. QoS 2 is not modelled and closes the connection."""
    qos, dup, retain = flags >> 1 & 3, bool(flags & 8), bool(flags & 1)
    if qos > 1:
        raise ProtocolError(f"QoS {qos} is not supported")
    if dup and not qos:
        raise ProtocolError("DUP on a QoS 0 message")
    reader = Reader(body)
    topic = checked_topic(reader.text())
    packet_id = reader.packet_id() if qos else 0
    return Publish(Message(topic, reader.rest(), qos, retain), packet_id, dup)


def parse_puback(body: bytes) -> int:
    """3.4: the packet id."""
    reader = Reader(body)
    packet_id = reader.packet_id()
    if reader.left:
        raise ProtocolError("PUBACK is too long")
    return packet_id


def parse_subscribe(body: bytes) -> tuple[int, list[tuple[str, int]]]:
    """3.8: packet id and (filter, QoS asked for)."""
    reader = Reader(body)
    packet_id, asked = reader.packet_id(), []
    while reader.left or not asked:
        topic_filter, qos = checked_filter(reader.text()), reader.integer(1)
        if qos > 2:
            raise ProtocolError("reserved bits in the requested QoS")
        asked.append((topic_filter, qos))
    return packet_id, asked


def parse_unsubscribe(body: bytes) -> tuple[int, list[str]]:
    """3.10: packet id and filters."""
    reader = Reader(body)
    packet_id, filters = reader.packet_id(), []
    while reader.left or not filters:
        filters.append(checked_filter(reader.text()))
    return packet_id, filters


def checked_topic(topic: str) -> str:
    """A topic name: not empty, no wildcard (3.3.2.1)."""
    if not topic or "+" in topic or "#" in topic:
        raise ProtocolError(f"bad topic {topic!r}")
    return topic


def checked_filter(topic_filter: str) -> str:
    """A topic filter: wildcards stand alone in their level, '#' only at the end (4.7.1)."""
    levels = topic_filter.split("/")
    alone = all(level in ("+", "#") or not {"+", "#"} & set(level) for level in levels)
    if not topic_filter or not alone or "#" in levels[:-1]:
        raise ProtocolError(f"bad topic filter {topic_filter!r}")
    return topic_filter


def build(kind: int, flags: int, body: bytes) -> bytes:
    """One packet on the wire."""
    length, header = len(body), bytearray([kind << 4 | flags])
    while True:
        header.append(length & 0x7F | (0x80 if length > 0x7F else 0))
        length >>= 7
        if not length:
            return bytes(header) + body


def build_publish(message: Message, packet_id: int = 0, dup: bool = False) -> bytes:
    """A PUBLISH; `packet_id` is left out at QoS 0."""
    topic = message.topic.encode()
    identifier = packet_id.to_bytes(2, "big") if message.qos else b""
    body = len(topic).to_bytes(2, "big") + topic + identifier + message.payload
    return build(PUBLISH, dup << 3 | message.qos << 1 | message.retain, body)


def build_answer(kind: int, packet_id: int, body: bytes = b"") -> bytes:
    """A PUBACK, SUBACK or UNSUBACK."""
    return build(kind, 0, packet_id.to_bytes(2, "big") + body)
