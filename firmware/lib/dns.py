"""A question to a name server and its answer, RFC 1035: the IPv4 address of a name."""

_HEAD_BYTES = 12
_POINTER = 0xC0


def question(host: str, number: int) -> bytes:
    """The datagram that asks for `host`; `number` is what its answer is known by."""
    asked = bytearray((number >> 8 & 255, number & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0))
    for label in host.split("."):
        asked.append(len(label))
        asked += label.encode()
    return bytes(asked + b"\x00\x00\x01\x00\x01")


def address(asked: bytes, answer: bytes) -> str | None:
    """What the answer to `asked` tells; "" when it is not its answer, None when there is none."""
    if answer[:2] != asked[:2] or answer[_HEAD_BYTES : len(asked)] != asked[_HEAD_BYTES:]:
        return ""
    place = len(asked)
    try:
        for _ in range(answer[6] << 8 | answer[7]):
            while 0 < answer[place] < _POINTER:  # the labels of a name, or where they stand
                place += 1 + answer[place]
            place += 2 if answer[place] else 1
            end = place + 10 + (answer[place + 8] << 8 | answer[place + 9])
            if answer[place : place + 4] == b"\x00\x01\x00\x01" and end == place + 14:
                return "%d.%d.%d.%d" % tuple(answer[place + 10 : end])
            place = end
    except (IndexError, TypeError):
        pass  # it ends in the middle of something
    return None
