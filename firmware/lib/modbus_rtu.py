"""Modbus RTU frames of a read-only master: build a request, find its answer among noise.

An answer counts only when slave, function, byte count and CRC all fit the request. Where it
lies in the buffer does not matter: a noisy line driver puts bytes before it, some
transceivers echo the request, a slave may answer twice. Noise is a return value here,
never an exception, and nothing is copied.
(Modbus over serial line V1.02, 2.5.1; Modbus application protocol V1.1b3, 6.3, 6.4 and 7.)
"""

from lib.crc16 import crc16

READ_HOLDING = 3
READ_INPUT = 4
REQUEST_BYTES = 8
MAX_WORDS = 125
MAX_ANSWER_BYTES = 5 + 2 * MAX_WORDS
EXCEPTION_BIT = 0x80
EXCEPTION_BYTES = 5

EXCEPTIONS = {
    1: "illegal function",
    2: "illegal register",
    3: "illegal value",
    4: "slave device failure",
    5: "acknowledge",
    6: "slave busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target silent",
}


def build_request(buf: bytearray, slave: int, function: int, register: int, count: int) -> None:
    """Write the 8 bytes that ask `slave` for `count` words from `register` into `buf`."""
    if function not in (READ_HOLDING, READ_INPUT):
        raise ValueError("function must be 3 or 4")
    if not (1 <= slave <= 248 and 1 <= count <= MAX_WORDS and 0 <= register <= 65536 - count):
        raise ValueError("slave, register or count out of range")
    buf[0] = slave
    buf[1] = function
    buf[2] = register >> 8
    buf[3] = register & 0xFF
    buf[4] = 0
    buf[5] = count
    crc = crc16(buf, 6)
    buf[6] = crc & 0xFF
    buf[7] = crc >> 8


def answer_bytes(request: bytes) -> int:
    """Length of the good answer to `request`: head, words, CRC."""
    return 5 + 2 * request[5]


def echo_bytes(buf: bytes, length: int, request: bytes) -> int:
    """8 when `buf` begins with the request itself (a transceiver that hears its own), else 0."""
    if length < REQUEST_BYTES:
        return 0
    for i in range(REQUEST_BYTES):
        if buf[i] != request[i]:
            return 0
    return REQUEST_BYTES


def find_answer(buf: bytes, length: int, request: bytes) -> int:
    """Where in the first `length` bytes of `buf` the answer to `request` begins.

    Zero or more: the offset of a complete answer or exception (`is_exception` tells).
    Less than zero: none yet; so many more bytes would complete the earliest beginning seen.
    """
    missing = 0
    for offset in range(echo_bytes(buf, length, request), length):
        size = _frame_bytes(buf, offset, length, request)
        over = offset + size - length
        if over > 0:
            missing = missing or over
        elif size and crc16(buf, offset + size, offset) == 0:
            return offset
    return -(missing or EXCEPTION_BYTES)


def is_exception(buf: bytes, offset: int) -> bool:
    """Whether the frame at `offset` is a refusal; its code is `buf[offset + 2]`."""
    return bool(buf[offset + 1] & EXCEPTION_BIT)


def _frame_bytes(buf: bytes, offset: int, length: int, request: bytes) -> int:
    """Length of the answer whose head may begin at `offset`, 0 when none can."""
    if buf[offset] != request[0]:
        return 0
    if offset + 1 < length:
        function = buf[offset + 1]
        if function == request[1] | EXCEPTION_BIT:
            return EXCEPTION_BYTES
        if function != request[1]:
            return 0
    if offset + 2 < length and buf[offset + 2] != 2 * request[5]:
        return 0
    return answer_bytes(request)
