"""A real pseudo-terminal at the collector's serial port: any terminal program is the laptop."""

import contextlib
import os
import tty

from host_sim.clocks import ScaledClock
from host_sim.models.terminal import Terminal
from host_sim.world import World


class ConsoleLine(Terminal):
    """`path` is the port for the other program; what it sends arrives at the speed of the line."""

    def __init__(self, world: World, clock: ScaledClock) -> None:
        super().__init__(world)
        self._ours, self._theirs = os.openpty()  # theirs stays open: programs come and go
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        clock.watch(self._ours, lambda: self.type(os.read(self._ours, 4096)))

    def transmit(self, data: bytes, start_us: int, character_us: int) -> None:
        """The collector says something; nobody may be there to hear it."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._ours, data)
