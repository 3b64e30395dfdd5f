"""The firmware process's end of the pipe to the world (see ops.py for the frames).

Runs on MicroPython and CPython alike. The world's clock stands still between two calls, so the
ticks of the last answer are the present time; operations that need no answer are kept and travel
with the next call. All buffers are made once: what the bench throws away would make the firmware
collect its garbage more often than on the chip.
"""

import array
import struct
import sys

import ops

ticks_ms = 0
ticks_us = 0
readiness = ops.POLLED_READY | ops.UART_READY  # as of the last answer; only the world changes it
interrupt_handlers = {}

_from_world, _to_world = (
    open(int(fd), mode, 0) for fd, mode in zip(sys.argv[1].split(","), ("rb", "wb"))
)
_REQUEST_BYTES = struct.calcsize(ops.REQUEST)
_in = memoryview(bytearray(ops.PAYLOAD_MAX))
_nothing = _in[:0]
payload = _nothing
_header = array.array("i", [0] * 4)
_out = bytearray(ops.PAYLOAD_MAX + 1024)
_view = memoryview(_out)
_length = 0


def post(op, handle=0, a=0, b=0, data=b""):
    """Queue an operation that gets no answer."""
    global _length
    size = len(data)
    if _length + _REQUEST_BYTES + size > len(_out):
        _flush()
    struct.pack_into(ops.REQUEST, _out, _length, op, handle, size, a, b)
    _length += _REQUEST_BYTES
    if size:
        _view[_length : _length + size] = data
        _length += size


def call(op, handle=0, a=0, b=0, data=b""):
    """Carry out one operation and return its result; its payload is in `link.payload`, good until
    the next call.
    """
    global ticks_ms, ticks_us, payload, readiness
    post(op, handle, a, b, data)
    _flush()
    _read_exactly(_header, 16)
    ticks_ms = _header[0]
    ticks_us = _header[1]
    result = _header[2]
    tail = _header[3]
    readiness = tail >> 24
    size = tail & 0xFFFF
    payload = _read_exactly(_in[:size], size) if size else _nothing
    if tail & 0xFF0000:
        interrupts = 2 * (tail >> 16 & 0xFF)
        _interrupt(_read_exactly(bytearray(interrupts), interrupts))
    return result


def checked(op, handle=0, a=0, b=0, data=b""):
    """Like call(), but a negated errno becomes an OSError."""
    result = call(op, handle, a, b, data)
    if result < 0:
        raise OSError(-result)
    return result


def _flush():
    global _length
    _to_world.write(_view[:_length])
    _length = 0


def _read_exactly(buffer, size):
    done = _from_world.readinto(buffer) or 0
    if done != size:
        view = memoryview(buffer)
        while done < size:
            count = _from_world.readinto(view[done:])
            if not count:
                raise SystemExit("the world has gone")
            done += count
    return buffer


def _interrupt(fired):
    global payload
    kept = bytes(payload)  # the handlers may call, too
    for i in range(0, len(fired), 2):
        handler = interrupt_handlers.get(fired[i])
        if handler:
            handler(fired[i + 1])
    payload = kept
