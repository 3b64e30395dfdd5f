"""The firmware process's end of the pipe to the world (see ops.py for the frames).

Runs on MicroPython and CPython alike. The world's clock stands still between two calls, so the
ticks of the last answer are the present time; operations that need no answer are kept and travel
with the next call.
"""

import struct
import sys

import ops

ticks_ms = 0
ticks_us = 0
payload = b""
ready = 1  # may anything that is polled be ready? Only the world's next answer can change it
interrupt_handlers = {}

_from_world, _to_world = (
    open(int(fd), mode, 0) for fd, mode in zip(sys.argv[1].split(","), ("rb", "wb"))
)
_header = bytearray(struct.calcsize(ops.ANSWER))
_posted = bytearray()


def post(op, handle=0, a=0, b=0, data=b""):
    """Queue an operation that gets no answer."""
    global _posted
    _posted += struct.pack(ops.REQUEST, op, handle, len(data), a, b)
    _posted += data


def call(op, handle=0, a=0, b=0, data=b""):
    """Carry out one operation and return its result; its payload is left in `link.payload`."""
    global _posted, ticks_ms, ticks_us, payload, ready
    post(op, handle, a, b, data)
    _to_world.write(_posted)
    _posted = bytearray()
    _read_exactly(_header)
    ticks_ms, ticks_us, result, length, interrupts, ready = struct.unpack(ops.ANSWER, _header)
    payload = _read_exactly(bytearray(length)) if length else b""
    if interrupts:
        _interrupt(_read_exactly(bytearray(2 * interrupts)))
    return result


def checked(op, handle=0, a=0, b=0, data=b""):
    """Like call(), but a negated errno becomes an OSError."""
    result = call(op, handle, a, b, data)
    if result < 0:
        raise OSError(-result)
    return result


def _read_exactly(buffer):
    view = memoryview(buffer)
    done = 0
    while done < len(buffer):
        count = _from_world.readinto(view[done:])
        if not count:
            raise SystemExit("the world has gone")
        done += count
    return buffer


def _interrupt(fired):
    global payload
    kept = payload
    for i in range(0, len(fired), 2):
        handler = interrupt_handlers.get(fired[i])
        if handler:
            handler(fired[i + 1])
    payload = kept
