"""The network behind the access point: names, in-world servers, real sockets, and the way packets
take to them.

A stream is what the firmware's socket hangs on. In-world streams carry bytes with half a round
trip each way; while the access point is away they wait, as TCP's retransmissions do. Real streams
are sockets of this machine, on loopback.
"""

import errno
import socket
from collections.abc import Callable
from typing import Protocol

from host_sim.clocks import ScaledClock
from host_sim.models.access_point import AccessPoint
from host_sim.models.broker import Broker
from host_sim.world import World

CONNECTING, OPEN, ENDED, RESET = range(4)
RETRANSMIT_US = 1_000_000  # how soon after the air is back a waiting packet gets through


class Stream(Protocol):
    """One TCP connection as its client sees it."""

    state: int
    received: bytearray
    error: int

    def send(self, data: bytes) -> int:
        """Take bytes to the peer; how many, or a negated errno."""
        ...

    def close(self) -> None:
        """The client ends the connection."""
        ...

    def cut(self) -> None:
        """The client is gone without a word."""
        ...


class BrokerStream:
    """A connection to the broker model, through the air."""

    def __init__(
        self,
        world: World,
        air: AccessPoint,
        broker: Broker,
        round_trip_us: int,
        wake: Callable[[], None],
    ) -> None:
        self._world = world
        self._air = air
        self._half_us = round_trip_us // 2
        self._wake = wake
        self.state = CONNECTING
        self.received = bytearray()
        self.error = 0
        self._link = broker.accept(self._from_broker, self._broker_closed)
        self._waiting: list[Callable[[], None]] = []
        self._retrying = False
        self._carry(lambda: self._carry(self._established))

    def send(self, data: bytes) -> int:
        """Bytes are in the sender's buffer at once and at the broker half a round trip later."""
        if self.state in (RESET, ENDED):
            return -errno.ECONNRESET
        self._carry(lambda: self._link.receive(data))
        return len(data)

    def close(self) -> None:
        """A FIN after the last bytes; the broker sees an orderly or a lost client by what it read
        before.
        """
        if self.state in (CONNECTING, OPEN):
            self.state = ENDED
            self._carry(self._link.lost)

    def cut(self) -> None:
        """The client is gone without a word (power cut): the broker finds out by its keepalive."""
        self.state = RESET
        self._waiting.clear()

    def _established(self) -> None:
        if self.state == CONNECTING:
            self.state = OPEN
            self._wake()

    def _from_broker(self, data: bytes) -> None:
        self._carry(lambda: self._arrived(data))

    def _arrived(self, data: bytes) -> None:
        if self.state == OPEN:
            self.received += data
            self._wake()

    def _broker_closed(self) -> None:
        self._carry(self._ended)

    def _ended(self) -> None:
        if self.state in (CONNECTING, OPEN):
            self.state = ENDED
            self._wake()

    def _carry(self, arrive: Callable[[], None]) -> None:
        """Half a round trip through the air, in order; nothing gets through while the access point
        is away.
        """
        self._world.after(self._half_us, lambda: self._through(arrive))

    def _through(self, arrive: Callable[[], None]) -> None:
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
            arrive()


class Tap(Protocol):
    """Reads along on a real connection."""

    def sent(self, data: bytes) -> None:
        """The firmware sent this."""
        ...

    def received(self, data: bytes) -> None:
        """The peer sent this."""
        ...

    def ended(self) -> None:
        """The connection is over; nothing more is awaited."""
        ...


class RealStream:
    """A real TCP connection on this machine; a tap may read along."""

    def __init__(
        self, clock: ScaledClock, host: str, port: int, tap: Tap, wake: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._tap = tap
        self._wake = wake
        self.state = CONNECTING
        self.received = bytearray()
        self.error = 0
        self._socket: socket.socket | None = None
        try:
            self._socket = socket.create_connection((host, port), timeout=5.0)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self.state, self.error = RESET, error.errno or errno.ETIMEDOUT
            return
        clock.watch(self._socket.fileno(), self._readable)
        self.state = OPEN

    def send(self, data: bytes) -> int:
        """Send all of it; loopback takes a message of ours in one piece."""
        if self._socket is None:
            return -errno.ECONNRESET
        try:
            self._socket.sendall(data)
        except OSError as error:
            self._end(RESET)
            return -(error.errno or errno.ECONNRESET)
        self._tap.sent(data)
        return len(data)

    def close(self) -> None:
        """End the connection."""
        self._end(ENDED)

    cut = close

    def _readable(self) -> None:
        assert self._socket is not None
        try:
            data = self._socket.recv(65536)
        except OSError:
            data = b""
        if data:
            self._tap.received(data)
            self.received += data
        else:
            self._end(ENDED)
        self._wake()

    def _end(self, state: int) -> None:
        if self._socket is not None:
            self._clock.unwatch(self._socket.fileno())
            self._socket.close()
            self._socket = None
            self.state = state
            self._tap.ended()
