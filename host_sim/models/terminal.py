"""A technician's laptop at the collector's serial port, in discrete time."""

from collections.abc import Callable

from host_sim.models.line_settings import LineSettings
from host_sim.world import World

PIECE_BYTES = 60  # so many at a time: the chip's FIFO calls at 120, or when the line is idle
CHARACTER_US = 87  # 115 200 bit/s, ten bits


class Terminal:
    """What is typed arrives at the speed of the line; what the collector says is kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._receive: Callable[[bytes], None] = lambda data: None
        self._free_us = 0
        self.heard: list[tuple[int, bytes]] = []  # when, what
        self.is_plugged_in = True

    @property
    def text(self) -> str:
        """All that the collector has said."""
        return b"".join(data for _, data in self.heard).decode(errors="replace")

    def type(self, data: bytes | str) -> None:
        """Send `data` now, or behind what is still on the line."""
        data = data.encode() if isinstance(data, str) else data
        for place in range(0, len(data), PIECE_BYTES):
            piece = data[place : place + PIECE_BYTES]
            self._free_us = max(self._free_us, self._world.now_us) + len(piece) * CHARACTER_US
            self._world.at(self._free_us, lambda each=piece: self._deliver(each))

    def connect(self, receive: Callable[[bytes], None]) -> None:
        """Where the UART's receiver is."""
        self._receive = receive

    def configure(self, settings: LineSettings) -> None:
        """The port has one speed."""

    def transmit(self, data: bytes, start_us: int, character_us: int) -> None:
        """The collector says something."""
        if self.is_plugged_in:
            self.heard.append((start_us, data))

    def _deliver(self, data: bytes) -> None:
        if self.is_plugged_in:
            self._receive(data)
