"""UART 0, on which MicroPython has its prompt: bytes go from its interrupt into a small ring, but
for the one that interrupts the program.
"""

from host_sim.peripherals.chip import Chip
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.peripherals.uart import UART, Line
from host_sim.shims import ops

BAUD_BPS = 115_200
RING_BYTES = 259  # stdin_ringbuf of mphalport.c has 260, one of which stays free
CTRL_C = 3


class SerialPort(UART):
    """Open from reset on; a full ring drops what comes."""

    def __init__(self, chip: Chip, line: Line) -> None:
        super().__init__(chip, line)
        self.reset()

    def reset(self) -> None:
        """The chip starts."""
        self.open(BAUD_BPS, RING_BYTES, 8, 2, 1)
        self.interrupt = CTRL_C

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {ops.KEYBOARD_INTERRUPT: self._set_interrupt}

    def _set_interrupt(self, request: Request) -> Answer:
        self.interrupt = request.a
        return 0

    def _receive(self, data: bytes) -> None:
        if self.interrupt >= 0 and self.interrupt in data:
            self._chip.break_off()
            data = bytes(byte for byte in data if byte != self.interrupt)
        super()._receive(data)
