"""What the firmware's sockets hang on: a stream to a peer. In-world ones are in broker_stream.py;
real ones are sockets of this machine, on loopback.
"""

import errno
import socket
from collections.abc import Callable
from typing import Protocol

from host_sim.clocks import ScaledClock

CONNECTING, OPEN, ENDED, RESET = range(4)


class Stream(Protocol):
    """One TCP connection as its client sees it."""

    state: int
    received: bytearray
    error: int

    @property
    def writable(self) -> bool:
        """Would send() take a good piece now?"""
        ...

    def send(self, data: bytes) -> int:
        """Take bytes to the peer; how many, or a negated errno."""
        ...

    def close(self) -> None:
        """The client ends the connection."""
        ...

    def cut(self) -> None:
        """The client is gone without a word."""
        ...


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

    writable = True

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
