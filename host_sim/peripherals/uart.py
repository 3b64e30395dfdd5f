"""UARTs: bytes take their time on the wire, and arrive in the driver's buffer when the line has
been idle.
"""

from collections.abc import Callable
from typing import Protocol

from host_sim.models.line_settings import LineSettings
from host_sim.peripherals.chip import POLLIN, POLLOUT, Chip
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops

RX_IDLE_CHARACTERS = 2  # the driver hands bytes over after this much silence (UART_RX_TOUT)
_PARITIES = "EON"  # as the shim numbers them


class Line(Protocol):
    """What a UART is wired to: a modelled bus or a real terminal."""

    def configure(self, settings: LineSettings) -> None:
        """The UART has been opened, or opened again, at `settings`."""
        ...

    def transmit(self, data: bytes, start_us: int, character_us: int) -> None:
        """The UART puts `data` on the wire, beginning at `start_us`."""
        ...

    def connect(self, receive: Callable[[bytes], None]) -> None:
        """Say where bytes from the wire go; they come when they have arrived in full."""
        ...


class UART:
    """One UART: line settings, transmit timing, receive buffer."""

    def __init__(self, chip: Chip, line: Line) -> None:
        self._chip = chip
        self._line = line
        self._received = bytearray()
        self._sent_until_us = 0
        self.character_us = 0
        self.rxbuf = 256
        self.overflowed = 0
        line.connect(self._receive)

    def open(self, baud: int, rxbuf: int, bits: int, parity: int, stop: int) -> None:
        """Set the line up: start bit, data bits, parity bit if any (2 = none), stop bits."""
        character_bits = 1 + bits + (0 if parity == 2 else 1) + stop
        self.character_us = character_bits * 1_000_000 // baud
        self.rxbuf = rxbuf
        self._received.clear()
        self._line.configure(LineSettings(baud, _PARITIES[parity], stop))

    def events(self) -> int:
        """Writing never blocks by poll's account (machine_uart.c says so itself)."""
        return POLLOUT | (POLLIN if self._received else 0)

    def has_data(self) -> bool:
        """Has anything arrived that the firmware has not read?"""
        return bool(self._received)

    def write(self, data: bytes) -> None:
        """Queue bytes behind what is still being sent."""
        start_us = max(self._chip.world.now_us, self._sent_until_us)
        self._sent_until_us = start_us + len(data) * self.character_us
        self._line.transmit(data, start_us, self.character_us)

    def read(self, count: int) -> Answer:
        """Up to `count` bytes; zero asks how many there are; negative takes all."""
        if count == 0:
            return len(self._received)
        taken = bytes(self._received if count < 0 else self._received[:count])
        del self._received[: len(taken)]
        return len(taken), taken

    def done(self) -> bool:
        """Has the last byte left?"""
        return self._chip.world.now_us >= self._sent_until_us

    def flush(self) -> int:
        """Let time pass until the last byte has left (uart_wait_tx_done, exact)."""
        self._chip.world.run_until(self._sent_until_us)
        return 0

    def _receive(self, data: bytes) -> None:
        room = self.rxbuf - len(self._received)
        self.overflowed += max(0, len(data) - room)
        self._received += data[: max(0, room)]
        self._chip.wake()


class UARTs:
    """The chip's UARTs by number."""

    def __init__(self, chip: Chip, uarts: dict[int, UART]) -> None:
        self._uarts = uarts
        chip.pollables.update(self._uarts)
        chip.uart_has_data = lambda: any(uart.has_data() for uart in self._uarts.values())

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {
            ops.UART_OPEN: self._open,
            ops.UART_WRITE: self._write,
            ops.UART_READ: lambda request: self._uarts[request.handle].read(request.a),
            ops.UART_FLUSH: lambda request: self._uarts[request.handle].flush(),
            ops.UART_TXDONE: lambda request: int(self._uarts[request.handle].done()),
        }

    def _open(self, request: Request) -> Answer:
        bits, parity, stop = request.data[:3]
        self._uarts[request.handle].open(request.a, request.b, bits, parity, stop)
        return 0

    def _write(self, request: Request) -> Answer:
        self._uarts[request.handle].write(request.data)
        return 0
