"""A real pseudo-terminal at the collector's serial port: any terminal program is the laptop."""

import contextlib
import os
import tty
from collections.abc import Callable

from host_sim.clocks import ScaledClock
from host_sim.models.line_settings import LineSettings
from host_sim.models.terminal import CHARACTER_US, PIECE_BYTES
from host_sim.world import World


class ConsoleLine:
    """`path` is the port for the other program; what it sends arrives at the speed of the line."""

    def __init__(self, world: World, clock: ScaledClock) -> None:
        self._world = world
        self._ours, self._theirs = os.openpty()  # theirs stays open: programs come and go
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._free_us = 0
        self._receive: Callable[[bytes], None] = lambda data: None
        clock.watch(self._ours, self._readable)

    def connect(self, receive: Callable[[bytes], None]) -> None:
        """Where the UART's receiver is."""
        self._receive = receive

    def configure(self, settings: LineSettings) -> None:
        """A pseudo-terminal is the same at all settings."""

    def transmit(self, data: bytes, start_us: int, character_us: int) -> None:
        """The collector says something; nobody may be there to hear it."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._ours, data)

    def close(self) -> None:
        """The cable is gone."""
        os.close(self._ours)
        os.close(self._theirs)

    def _readable(self) -> None:
        data = os.read(self._ours, 4096)
        for place in range(0, len(data), PIECE_BYTES):
            piece = data[place : place + PIECE_BYTES]
            self._free_us = max(self._free_us, self._world.now_us) + len(piece) * CHARACTER_US
            self._world.at(self._free_us, lambda each=piece: self._receive(each))
