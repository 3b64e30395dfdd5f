"""Variable-length unsigned integers: seven bits a byte, least significant first (LEB128)."""


def size(value: int) -> int:
    """Bytes that `value` (0 or more) takes."""
    count = 1
    while value > 0x7F:
        value >>= 7
        count += 1
    return count


def put(buf: bytearray, offset: int, value: int) -> int:
    """Write `value` at `offset`; returns the offset behind it. ValueError when negative."""
    if value < 0:
        raise ValueError("varint of a negative number")
    while value > 0x7F:
        buf[offset] = value & 0x7F | 0x80
        value >>= 7
        offset += 1
    buf[offset] = value
    return offset + 1


def get(buf: bytes, offset: int) -> tuple:
    """Read `(value, offset behind it)`. ValueError when cut short or wider than 64 bits."""
    value = shift = 0
    while offset < len(buf) and shift < 64:
        byte = buf[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
        shift += 7
    raise ValueError("varint cut short")


def pack(head: bytes, values: list) -> bytes:
    """`head`, then every value (0 or more)."""
    out = bytearray(len(head) + sum([size(value) for value in values]))
    out[: len(head)] = head
    offset = len(head)
    for value in values:
        offset = put(out, offset, value)
    return bytes(out)


def unpack(buf: bytes, offset: int) -> list:
    """Every value from `offset` to the end. ValueError as get()."""
    values = []
    while offset < len(buf):
        value, offset = get(buf, offset)
        values.append(value)
    return values


def zigzag(value: int) -> int:
    """A signed integer as one of 0 or more that is small where it is near 0."""
    return value * 2 if value >= 0 else -value * 2 - 1


def signed(value: int) -> int:
    """The opposite of zigzag()."""
    return -(value // 2) - 1 if value & 1 else value // 2
