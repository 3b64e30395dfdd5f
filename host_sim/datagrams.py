"""A UDP socket of the chip, joined to one server behind the access point: datagrams arrive whole
or not at all.
"""

from collections.abc import Callable

from host_sim.network import OPEN
from host_sim.world import World

SERVER_US = 30_000  # there, and the answer back

Server = Callable[[bytes], bytes | None]


class Datagrams:
    """A stream as Sockets knows them, of one datagram at a time."""

    writable = True

    def __init__(self, world: World, server: Server, wake: Callable[[], None]) -> None:
        self.state = OPEN
        self.received = bytearray()
        self.error = 0
        self._world = world
        self._server = server
        self._wake = wake

    def send(self, data: bytes) -> int:
        """Ask; the answer comes later, if there is one."""
        self._world.after(SERVER_US, lambda: self._answered(self._server(data)))
        return len(data)

    def close(self) -> None:
        """Nobody is told."""

    cut = close

    def _answered(self, answer: bytes | None) -> None:
        if answer is not None:
            self.received[:] = answer  # one that nobody has read yet is lost
            self._wake()
