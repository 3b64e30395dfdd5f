"""TCP sockets of the chip over the network behind the access point."""

import errno
from collections.abc import Callable

from host_sim.datagrams import Datagrams
from host_sim.models import time_server
from host_sim.models.access_point import GOT_IP
from host_sim.models.name_server import NameServer
from host_sim.network import CONNECTING, ENDED, OPEN, RESET, Stream
from host_sim.peripherals.chip import POLLIN, POLLOUT, Chip
from host_sim.peripherals.lan import Lan
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.peripherals.wlan import Wlan
from host_sim.shims import ops
from host_sim.world import FOREVER_US, World

SOCKETS_MAX = 10  # ports/esp32: CONFIG_LWIP_MAX_SOCKETS
DNS_US = 30_000
# lwIP asks each server four times, after 1, 1, 2 and 3 s (dns.c, DNS_MAX_RETRIES); DHCP gives two
DNS_TIMEOUT_US = 14_000_000
POLLHUP = 16
DGRAM, DNS_PORT, NTP_PORT = 2, 53, 123
NEIGHBOURS = ("224.0.0.251", 5353)  # who has a name in .local answers for itself (RFC 6762)

Connect = Callable[[str, int, Callable[[], None]], Stream | None]


class Socket:
    """One descriptor; `stream` is None until it connects."""

    def __init__(self, is_datagram: bool) -> None:
        self.is_datagram = is_datagram
        self.stream: Stream | None = None

    def events(self) -> int:
        """What poll() says of it."""
        stream = self.stream
        if stream is None or stream.state == CONNECTING:
            return 0
        if stream.state in (ENDED, RESET):
            return POLLIN | POLLHUP
        return (POLLOUT if stream.writable else 0) | (POLLIN if stream.received else 0)


class Sockets:
    """`socket` of the port. `connect(host, port, wake)` finds the peer; None means nobody answers
    there. `time_of(host, unix_us)` is what a time server says, in microseconds; None: nothing.
    """

    def __init__(
        self,
        world: World,
        chip: Chip,
        network: Wlan | Lan,
        connect: Connect,
        time_of: Callable[[str, int], int | None],
    ) -> None:
        self._world = world
        self._chip = chip
        self._network = network
        self._connect_to = connect
        self._time_of = time_of
        self._sockets: dict[int, Socket] = {}
        self.names = NameServer()
        self.names_up = True  # false: it does not answer

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {
            ops.SOCKET_RESOLVE: self._resolve,
            ops.SOCKET_OPEN: self._open,
            ops.SOCKET_CONNECT: self._connect,
            ops.SOCKET_SEND: self._send,
            ops.SOCKET_RECEIVE: self._receive,
            ops.SOCKET_CLOSE: self._close,
        }

    def reset(self) -> None:
        """A reset forgets every connection without telling the peer."""
        for handle, held in self._sockets.items():
            self._chip.pollables.pop(handle, None)
            if held.stream is not None:
                held.stream.cut()
        self._sockets.clear()

    def power(self, is_on: bool) -> None:
        """Without it nothing more is sent."""
        for held in self._sockets.values():
            if held.stream is not None and not is_on:
                held.stream.cut()

    def _resolve(self, request: Request) -> Answer:
        return (0, request.data) if self._finds(request.data.decode()) else -errno.ENOENT

    def _asked(self, host: str, port: int, datagram: bytes) -> bytes | None:
        """A server got this datagram: what it answers."""
        if not self._network.air_up():
            return None
        if port == NTP_PORT:
            time_us = self._time_of(self.names.host_of(host), self._world.unix_us)
            return None if time_us is None else time_server.answer(datagram, time_us)
        if (host, port) == NEIGHBOURS:
            return self.names.answer(datagram, is_neighbours=True)
        return self.names.answer(datagram) if port == DNS_PORT and self.names_up else None

    def _finds(self, host: str) -> bool:
        """Ask the name servers, which takes its time; an address needs none."""
        if host.replace(".", "").isdigit():
            return True
        is_there = (
            self._network.station.status == GOT_IP and self._network.air_up() and self.names_up
        )
        self._world.run_until(self._world.now_us + (DNS_US if is_there else DNS_TIMEOUT_US))
        return is_there

    def _open(self, request: Request) -> Answer:
        if len(self._sockets) >= SOCKETS_MAX:
            return -errno.ENFILE
        handle = next(n for n in range(ops.SOCKET_HANDLE_FIRST, 256) if n not in self._sockets)
        self._sockets[handle] = self._chip.pollables[handle] = Socket(request.a == DGRAM)
        return handle

    def _connect(self, request: Request) -> Answer:
        held = self._sockets[request.handle]
        if self._network.station.status != GOT_IP:
            return -errno.EHOSTUNREACH
        host, port = request.data.decode(), request.a
        if held.is_datagram:
            held.stream = Datagrams(
                self._world, lambda data: self._asked(host, port, data), self._chip.wake
            )
            return 0
        stream = self._connect_to(self.names.host_of(host), port, self._chip.wake)
        if stream is None:
            return -errno.ECONNREFUSED
        held.stream = stream
        if stream.state == CONNECTING and request.b == 0:
            return -errno.EINPROGRESS
        self._world.run_until(self._deadline_us(request.b), lambda: stream.state != CONNECTING)
        if stream.state == CONNECTING:
            return -errno.ETIMEDOUT
        return 0 if stream.state == OPEN else -(stream.error or errno.ECONNRESET)

    def _send(self, request: Request) -> Answer:
        stream = self._sockets[request.handle].stream
        if stream is None:
            return -errno.ENOTCONN
        if stream.state == CONNECTING:
            return -errno.EAGAIN
        return stream.send(request.data)

    def _receive(self, request: Request) -> Answer:
        stream = self._sockets[request.handle].stream
        if stream is None:
            return -errno.ENOTCONN
        if not stream.received and stream.state in (CONNECTING, OPEN):
            if request.b == 0:
                return -errno.EAGAIN
            self._world.run_until(
                self._deadline_us(request.b),
                lambda: bool(stream.received) or stream.state not in (CONNECTING, OPEN),
            )
        if stream.received:
            taken = bytes(stream.received[: request.a])
            del stream.received[: len(taken)]
            return len(taken), taken
        if stream.state == ENDED:
            return 0, b""
        return -errno.ECONNRESET if stream.state == RESET else -errno.ETIMEDOUT

    def _close(self, request: Request) -> Answer:
        held = self._sockets.pop(request.handle, None)
        self._chip.pollables.pop(request.handle, None)
        if held is not None and held.stream is not None:
            held.stream.close()
        return 0

    def _deadline_us(self, timeout_ms: int) -> int:
        return FOREVER_US if timeout_ms < 0 else self._world.now_us + timeout_ms * 1000
