"""The port that MicroPython's prompt is on: `sys.stdin` and `sys.stdout` as the chip has them, and
`micropython.kbd_intr`.

What the firmware prints stays on the output of its process (process.py); what it writes to
`sys.stdout.buffer` goes over the port.
"""

import sys

import link
import ops

CTRL_C = 3


class _Bytes:
    """`sys.stdin.buffer` and `sys.stdout.buffer`."""

    _handle = ops.SERIAL_PORT  # select.poll watches it

    def read(self, n=-1):
        """n bytes; waits for those that have not come yet, as mp_hal_stdin_rx_chr does."""
        received = b""
        while len(received) < n:
            if link.call(ops.UART_READ, ops.SERIAL_PORT, n - len(received)):
                received += bytes(link.payload)
            else:
                link.call(ops.WAIT, 1, 1)
        return received

    def write(self, buf):
        """Returns when the bytes have left (the chip: when the last 128 wait in its FIFO)."""
        link.post(ops.UART_WRITE, ops.SERIAL_PORT, 0, 0, buf)
        link.call(ops.UART_FLUSH, ops.SERIAL_PORT)
        return len(buf)


class _Text:
    def __init__(self, printed=None):
        self.buffer = _Bytes()
        self._printed = printed

    def write(self, text):  # of CPython's print()
        return self._printed.write(text)

    def flush(self):
        self._printed.flush()


class _Instead:
    """A module with some of its names replaced; MicroPython's own cannot be changed."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)


def kbd_intr(chr):
    """Which byte of the port interrupts the program; -1: none."""
    link.post(ops.KEYBOARD_INTERRUPT, 0, chr)


def _interrupted(level):
    raise KeyboardInterrupt


def take_over():
    """Put the port in place. Compiled firmware finds both modules by name."""
    import micropython

    link.interrupt_handlers[ops.KEYBOARD_HANDLE] = _interrupted
    if sys.implementation.name == "cpython":
        sys.stdin, sys.stdout = _Text(), _Text(sys.stdout)
        micropython.kbd_intr = kbd_intr
        return
    ours, language = _Instead(sys), _Instead(micropython)
    ours.stdin = ours.stdout = _Text()
    language.kbd_intr = kbd_intr
    sys.modules["sys"] = ours
    sys.modules["micropython"] = language
