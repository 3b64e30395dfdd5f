"""Types a line: echo, corrections, and what a terminal sends beside letters."""

import asyncio
import time

from micropython import const

BYTES_MAX = 240  # what is sent without a pause must fit in the chip's ring (drivers/terminal.py)
_AT_ONCE = const(64)  # bytes, before others have their turn: garbage may come for ever
_ABANDONED_MS = const(60000)  # a cable that was pulled in the middle of a line
_HIDDEN = (b"claim ", b"password ", b"secret ")
_CR = const(13)
_LF = const(10)
_ESCAPE = const(27)


class TooLong(Exception):
    """Nobody types that much."""


async def typed(keys, byte: int, after_cr: bool, echo) -> tuple:
    """(text, whether it ended with a carriage return) of the line that begins with `byte`. text:
    None for the line feed of the line before. TooLong, ValueError: it is no UTF-8; both when the
    line is over.
    """
    if byte == _LF and after_cr:
        return None, False
    line = bytearray()
    length = escape = count = 0
    began_ms = time.ticks_ms()
    while byte not in (_CR, _LF):
        if time.ticks_diff(time.ticks_ms(), began_ms) > _ABANDONED_MS:
            length = 0
        began_ms = time.ticks_ms()
        if escape or byte == _ESCAPE:
            escape = _within(escape, byte)
        else:
            length = _take(line, length, byte, echo)
        count += 1
        byte = keys.next() if count % _AT_ONCE else -1
        if byte < 0:
            await asyncio.sleep_ms(0)
            byte = await keys.first()
    if echo:
        echo(b"\r\n")
    if length > BYTES_MAX:
        raise TooLong
    return str(memoryview(line)[:length], "utf-8").strip(" "), byte == _CR


def _take(line: bytearray, length: int, byte: int, echo) -> int:
    """One byte that is no end; how long the line is then."""
    if byte in (8, 127):  # Backspace, Delete
        gone = 1 if length else 0
    elif byte in (3, 21):  # Ctrl-C, Ctrl-U
        gone = length
    else:
        return _append(line, length, byte, echo)
    if echo:
        for _ in range(min(gone, BYTES_MAX)):
            echo(b"\b \b")
    return length - gone


def _append(line: bytearray, length: int, byte: int, echo) -> int:
    if byte == 9:
        byte = 32
    if byte < 32 or length > BYTES_MAX:
        return length
    if length == BYTES_MAX:  # one too many: the line is not taken
        return length + 1
    hides = echo and _hides(line, length)
    if length < len(line):
        line[length] = byte
    else:
        line.append(byte)
    if echo:
        echo(b"*" if hides else bytes((byte,)))
    return length + 1


def _hides(line: bytearray, length: int) -> bool:
    """Whether what comes next in the line is a secret."""
    return any(line.find(word, 0, length) >= 0 for word in _HIDDEN)


def _within(escape: int, byte: int) -> int:
    """An arrow key is ESC [ A: 0 when the sequence is over."""
    if byte == _ESCAPE or escape == 0:
        return 1
    if escape == 1:
        return 2 if byte in b"[O" else 0
    return 2 if byte < 64 else 0
