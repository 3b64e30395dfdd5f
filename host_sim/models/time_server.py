"""A time server as RFC 4330 has it: what it answers to a client's question."""

import struct

EPOCH_1900_S = 2_208_988_800
SERVER_MODE, CLIENT_MODE = 4, 3
VERSION = 4
STRATUM = 2


def answer(question: bytes, unix_us: int) -> bytes | None:
    """The datagram that is sent back at `unix_us`; None to what is no client's question."""
    if len(question) < 48 or question[0] & 7 != CLIENT_MODE:
        return None
    seconds, rest_us = divmod(unix_us, 1_000_000)
    now = struct.pack("!II", (seconds + EPOCH_1900_S) & 0xFFFFFFFF, (rest_us << 32) // 1_000_000)
    head = struct.pack("!BBbb", VERSION << 3 | SERVER_MODE, STRATUM, 6, -20)
    return head + bytes(8) + b"GPS\0" + now + question[40:48] + now + now
