"""JSON texts, read and written alike on every VM.

`json.dumps` of a dict has another key order on MicroPython than on CPython, and it allocates the
whole text; a writer costs its buffer once. `json.loads` of MicroPython takes a text whose last
bracket was cut off, which is how a truncated file looks.
"""

import json

_MAX_DEPTH = 8  # every level costs the parser memory, and no text of ours has more than three


def load_object(text: str | bytes | memoryview) -> dict | None:
    """The dict of a JSON object; None for all else: cut off, not UTF-8, too deep, a list."""
    try:
        text = text if isinstance(text, str) else str(text, "utf-8")
        data = json.loads(text) if _is_closed(text) else None
    except ValueError:
        return None
    return data if type(data) is dict else None


def _is_closed(text: str) -> bool:
    """Whether every bracket that `text` opens is closed, and none is too deep."""
    depth = 0
    quoted = escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == '"':
            quoted = not quoted
        elif quoted:
            escaped = char == "\\"
        elif char in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                return False
        elif char in "]}":
            depth -= 1
    return depth == 0


class JsonWriter:
    """Appends pieces of a text; IndexError when one does not fit."""

    def __init__(self, size: int, start: int = 0, packet_head: int = 0):
        """size: of the longest text. start: bytes of it left free in front, for a head that is
        known last. packet_head: bytes before the text, for what carries it.
        """
        self._buf = bytearray(packet_head + size)
        self._view = memoryview(self._buf)
        self._packet_head = packet_head
        self._start = self.length = packet_head + start
        self._begin = self._end = packet_head

    def room(self) -> int:
        """How long a text may be, its head included."""
        return len(self._buf) - self._packet_head

    def clear(self, length: int = 0) -> None:
        """Forget all but the first `length` bytes, and all when that is less than `start`."""
        self.length = max(length, self._start)

    def put(self, text: str) -> None:
        """Append ASCII `text` as it is."""
        self._place(text, self.length)
        self.length += len(text)

    def number(self, value: int | None) -> None:
        """Append an integer, or null."""
        self.put("null" if value is None else str(value))

    def numbers(self, values: list) -> None:
        """Append a list of integers and nulls."""
        separator = "["
        for value in values:
            self.put(separator)
            self.number(value)
            separator = ","
        self.put("]" if values else "[]")

    def string(self, value: str) -> None:
        """Append a quoted string; all but printable ASCII is escaped."""
        self.put('"')
        for char in value:
            code = ord(char)
            if char in '"\\':
                self.put("\\" + char)
            elif 32 <= code < 127:
                self.put(char)
            elif code < 0x10000:
                self.put("\\u%04x" % code)
            else:
                code -= 0x10000
                self.put("\\u%04x\\u%04x" % (0xD800 | code >> 10, 0xDC00 | code & 0x3FF))
        self.put('"')

    def pair(self, key: str, value: int | str | bool | None) -> None:
        """Append a member of an object: a key, and a text, an integer, true, false or null."""
        self.string(key)
        self.put(":")
        if isinstance(value, str):
            self.string(value)
        elif type(value) is bool:
            self.put("true" if value else "false")
        else:
            self.number(value)

    def text(self, head: str = "") -> memoryview:
        """The text, valid until the next change; `head` goes into the free bytes in front."""
        self._begin = self._start - len(head)
        if self._begin < self._packet_head:
            raise IndexError("JSON text too long")
        self._place(head, self._begin)
        self._end = self.length
        return self._view[self._begin : self._end]

    def size(self) -> int:
        """Bytes of the last text()."""
        return self._end - self._begin

    def packet(self, head: bytes) -> memoryview:
        """The last text() with `head` in front of it, valid until the next change; IndexError when
        it has no place there.
        """
        begin = self._begin - len(head)
        if begin < 0:
            raise IndexError("head of a packet too long")
        self._buf[begin : self._begin] = head
        return self._view[begin : self._end]

    def _place(self, text: str, at: int) -> None:
        if at + len(text) > len(self._buf):
            raise IndexError("JSON text too long")
        self._buf[at : at + len(text)] = text.encode()
