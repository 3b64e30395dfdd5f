"""A real terminal as the RS-485 line: whatever program sits at its other end answers."""

import os
import time
from collections.abc import Callable

from host_sim.clocks import ScaledClock
from host_sim.models.line_settings import LineSettings

_PATIENCE_S = 1.0  # a slave program that takes longer is not there; time goes on


class TerminalLine:
    """One end of a pseudo-terminal pair, given as a file descriptor in raw mode."""

    def __init__(self, clock: ScaledClock, descriptor: int) -> None:
        self._descriptor = descriptor
        self._asked_s = -_PATIENCE_S
        self._receive: Callable[[bytes], None] = lambda data: None
        self._awaited_before = clock.hold
        clock.hold = self._awaits_answer
        clock.watch(descriptor, self._readable)

    def connect(self, receive: Callable[[bytes], None]) -> None:
        """Where the UART's receiver is."""
        self._receive = receive

    def configure(self, settings: LineSettings) -> None:
        """A pseudo-terminal is the same at all settings."""

    def transmit(self, data: bytes, start_us: int, character_us: int) -> None:
        """The terminal has no baud rate worth waiting for: bytes leave at once."""
        os.write(self._descriptor, data)
        self._asked_s = time.monotonic()

    def _readable(self) -> None:
        self._receive(os.read(self._descriptor, 4096))
        self._asked_s = -_PATIENCE_S

    def _awaits_answer(self) -> bool:
        return time.monotonic() - self._asked_s < _PATIENCE_S or self._awaited_before()
