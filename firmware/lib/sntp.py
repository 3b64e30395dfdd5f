"""A question to a time server and its answer, RFC 4330: UTC in milliseconds."""

_BYTES = 48
_ASKS = 0x23  # no warning, version 4, mode 3: a client
_MODE = 7
_ANSWERS = 4
_WARNING = 0xC0  # both bits: the server's own clock is not set
_STRATUM_MAX = 15  # 0 is a server that wants to be left alone, 16 one that has no time
_ORIGINATE = 24
_TRANSMIT = 40
_EPOCH_1900_S = 2208988800
_ERA_S = 1 << 32  # the count of seconds starts again on 2036-02-07; before 1968 it is the next one


def question(number: int) -> bytes:
    """The datagram that asks for the time; `number` is what its answer is known by: a server sends
    back what it takes for the client's time. The client's own is nobody's business.
    """
    asked = bytearray(_BYTES)
    asked[0] = _ASKS
    asked[_TRANSMIT : _TRANSMIT + 4] = b"pkNT"
    asked[_TRANSMIT + 4 :] = (number & 0x3FFFFFFF).to_bytes(4, "big")
    return bytes(asked)


def unix_ms(asked: bytes, answer: bytes) -> int | str | None:
    """UTC when the answer to `asked` was sent; "" when it is not its answer, None when the server
    has no time to give.
    """
    if len(answer) < _BYTES or answer[0] & _MODE != _ANSWERS:
        return ""
    if answer[_ORIGINATE : _ORIGINATE + 8] != asked[_TRANSMIT:]:
        return ""
    sent_s = int.from_bytes(answer[_TRANSMIT : _TRANSMIT + 4], "big")
    is_set = answer[0] & _WARNING != _WARNING
    if not (is_set and 1 <= answer[1] <= _STRATUM_MAX and sent_s):
        return None
    if not sent_s >> 31:
        sent_s += _ERA_S
    # the upper half of the fraction is 15 us
    fraction = answer[_TRANSMIT + 4] << 8 | answer[_TRANSMIT + 5]
    return (sent_s - _EPOCH_1900_S) * 1000 + (fraction * 1000 >> 16)
