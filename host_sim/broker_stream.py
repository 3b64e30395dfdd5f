"""A connection from the collector to the in-world broker. It carries bytes with half a round trip
each way; while the access point is away they wait, as TCP's retransmissions do.
"""

import errno
from collections.abc import Callable
from functools import partial

from host_sim import passage
from host_sim.models.access_point import AccessPoint
from host_sim.models.broker import Broker
from host_sim.network import CONNECTING, ENDED, OPEN, RESET
from host_sim.passage import DOWN, UP, Passage
from host_sim.world import World

RETRANSMIT_US = 1_000_000  # how soon after the air is back a waiting packet gets through
# CONFIG_LWIP_TCP_SND_BUF_DEFAULT; poll() says writable when half of it is free (TCP_SNDLOWAT)
SEND_BUFFER_BYTES = 5760
SEND_LOW_BYTES = 2881


class BrokerStream:
    """A connection to the broker model, through the air. What goes wrong on the way stands in its
    passage; `on_mishap(what, lasting_us)` is for what does not concern this connection alone.
    """

    def __init__(
        self,
        world: World,
        air: AccessPoint,
        broker: Broker,
        course: Passage,
        wake: Callable[[], None],
        on_mishap: Callable[[str, int], None] = lambda what, lasting_us: None,
    ) -> None:
        self._world = world
        self._air = air
        self._course = course
        self._wake = wake
        self._on_mishap = on_mishap
        self.state = CONNECTING
        self.received = bytearray()
        self.error = 0
        self._link = broker.accept(self._from_broker, self._broker_closed)
        self._waiting: list[Callable[[], None]] = []
        self._retrying = False
        self._is_silent = False
        self._unacknowledged = 0
        self._passed = {UP: 0, DOWN: 0}
        self._due_us = {UP: 0, DOWN: 0}
        self._held_until_us = 0
        self._mishaps = sorted(course.mishaps, key=lambda mishap: mishap.after_bytes)
        for way in (UP, DOWN):
            self._suffer(way)
        self._carry(UP, lambda: self._carry(DOWN, self._established))

    @property
    def writable(self) -> bool:
        """Is there room for a good piece?"""
        return self.state == OPEN and SEND_BUFFER_BYTES - self._unacknowledged >= SEND_LOW_BYTES

    def send(self, data: bytes) -> int:
        """Bytes are in the sender's buffer at once, as many as it has room for, and at the broker
        half a round trip later.
        """
        if self.state in (RESET, ENDED):
            return -errno.ECONNRESET
        data = data[: SEND_BUFFER_BYTES - self._unacknowledged]
        if not data:
            return -errno.EAGAIN
        self._unacknowledged += len(data)
        self._carry(UP, lambda: self._pass(UP, data))
        return len(data)

    def close(self) -> None:
        """A FIN after the last bytes; the broker sees an orderly or a lost client by what it read
        before.
        """
        if self.state in (CONNECTING, OPEN):
            self.state = ENDED
            self._carry(UP, self._link.lost)

    def cut(self) -> None:
        """The client is gone without a word (power cut): the broker finds out by its keepalive."""
        self.state = RESET
        self._is_silent = True
        self._waiting.clear()

    def _established(self) -> None:
        if self.state == CONNECTING:
            self.state = OPEN
            self._wake()

    def _from_broker(self, data: bytes) -> None:
        self._carry(DOWN, lambda: self._pass(DOWN, data))

    def _broker_closed(self) -> None:
        self._carry(DOWN, self._ended)

    def _ended(self) -> None:
        if self.state in (CONNECTING, OPEN):
            self.state = ENDED
            self._wake()

    def _pass(self, way: str, data: bytes) -> None:
        """Let bytes arrive, up to the next mishap on their way."""
        while data and not self._is_silent:
            if self._world.now_us < self._held_until_us:
                self._world.at(self._held_until_us, partial(self._pass, way, data))
                return
            after_bytes = min(
                (mishap.after_bytes for mishap in self._mishaps if mishap.way == way),
                default=self._passed[way] + len(data),
            )
            piece = data[: after_bytes - self._passed[way]]
            data = data[len(piece) :]
            self._passed[way] += len(piece)
            self._arrived(way, piece)
            self._suffer(way)

    def _arrived(self, way: str, piece: bytes) -> None:
        if way == UP:
            self._carry(DOWN, lambda: self._acknowledged(len(piece)))
            self._link.receive(piece)
        elif self.state == OPEN:
            self.received += piece
            self._wake()

    def _acknowledged(self, count: int) -> None:
        self._unacknowledged -= count
        self._wake()

    def _suffer(self, way: str) -> None:
        """What happens after the bytes that have passed by now."""
        for mishap in list(self._mishaps):
            if mishap.way != way or mishap.after_bytes > self._passed[way]:
                continue
            self._mishaps.remove(mishap)
            what, lasting_us = mishap.what, mishap.lasting_us
            if what == passage.STALL:
                self._held_until_us = self._world.now_us + lasting_us
            elif what == passage.CLOSE:
                self._link.end()
            elif what == passage.RESET:
                self._reset()
            elif what == passage.SILENCE:
                self._is_silent = True
            else:
                self._is_silent |= what == passage.POWER
                self._world.after(0, partial(self._on_mishap, what, lasting_us))

    def _reset(self) -> None:
        self._is_silent = True
        self._link.lost()
        self.state = RESET
        self._wake()

    def _carry(self, way: str, arrive: Callable[[], None]) -> None:
        """Half a round trip through the air, in order; nothing gets through while the access point
        is away.
        """
        spread_us = self._course.spread_us
        late_us = self._world.random.randrange(spread_us) if spread_us else 0
        due_us = self._world.now_us + self._course.round_trip_us // 2 + late_us
        self._due_us[way] = due_us = max(due_us, self._due_us[way])
        self._world.at(due_us, lambda: self._through(arrive))

    def _through(self, arrive: Callable[[], None]) -> None:
        if self._is_silent:
            return
        if self._world.now_us < self._held_until_us:
            self._world.at(self._held_until_us, lambda: self._through(arrive))
            return
        if self._air.up and not self._waiting:
            arrive()
            return
        self._waiting.append(arrive)
        if not self._retrying:
            self._retrying = True
            self._world.after(RETRANSMIT_US, self._retry)

    def _retry(self) -> None:
        self._retrying = False
        if not self._air.up and self._waiting and self.state != RESET:
            self._retrying = True
            self._world.after(RETRANSMIT_US, self._retry)
            return
        waiting, self._waiting = self._waiting, []
        for arrive in waiting:
            self._through(arrive)
