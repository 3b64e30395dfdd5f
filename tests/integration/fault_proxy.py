"""A TCP proxy on loopback that is as bad as a network: what becomes of each connection comes from
one seed. After some byte, on one of the ways, it is reset, closed, stalled, or nothing passes any
more and nobody is told; and pieces may come late, and cut in two.
"""

import random
import socket
import struct
import threading
from contextlib import suppress
from typing import NamedTuple, Self

HOST = "127.0.0.1"
UP, DOWN = "up", "down"
RESET, CLOSE, STALL, SILENCE = "reset", "close", "stall", "silence"
_PIECE_BYTES = 4096
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset


class Mishap(NamedTuple):
    """After so many bytes on `way`; times are real seconds."""

    way: str
    after_bytes: int
    what: str
    lasting_s: float


class FaultProxy:
    """Between whoever connects to `port` and the broker at `target_port`; good from the
    connection on that follows so many bad ones.
    """

    def __init__(self, target_port: int, seed: int, bad: int) -> None:
        self.connections = 0
        self.mishaps = 0
        self._target_port = target_port
        self._seed = seed
        self._bad = bad
        self._healed = threading.Event()
        self._ended = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._healed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        for each in self._open:
            _drop(each)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self.connections > self._bad:
                self._healed.set()  # which ends those that are silent
            try:
                server = socket.create_connection((HOST, self._target_port), timeout=5)
            except OSError:
                _drop(client, at_once=True)
                continue
            server.settimeout(None)
            self._open += [client, server]
            rng = random.Random(self._seed << 16 | self.connections)
            mishap = None if self._healed.is_set() else _mishap(rng)
            for way, source, sink in ((UP, client, server), (DOWN, server, client)):
                mine = mishap if mishap and mishap.way == way else None
                threading.Thread(
                    target=self._pump, args=(source, sink, mine, rng.random()), daemon=True
                ).start()

    def _pump(
        self, source: socket.socket, sink: socket.socket, mishap: Mishap | None, chance: float
    ) -> None:
        """Carry bytes until an end, up to the mishap."""
        left = mishap.after_bytes if mishap else 1 << 62
        with suppress(OSError):
            while data := source.recv(_PIECE_BYTES):
                before, after = data[:left], data[left:]
                left -= len(before)
                cut = 1 + int(chance * len(before))
                sink.sendall(before[:cut])
                sink.sendall(before[cut:])
                if mishap and not left:
                    self.mishaps += 1
                    if self._suffer(mishap, source, sink):
                        return
                    sink.sendall(after)
                    mishap, left = None, 1 << 62
        _drop(source)
        _drop(sink)

    def _suffer(self, mishap: Mishap, *both: socket.socket) -> bool:
        """Whether that is the end of the connection."""
        if mishap.what == STALL:
            self._ended.wait(mishap.lasting_s)
            return False
        if mishap.what == SILENCE:
            self._healed.wait()
        for each in both:
            _drop(each, mishap.what != CLOSE)
        return True


def _mishap(rng: random.Random) -> Mishap | None:
    if rng.random() < 0.2:
        return None
    way = rng.choice((UP, DOWN))
    after_bytes = 1 + int(10 ** rng.uniform(0, 3.3 if way == UP else 2.3))
    what = rng.choice((RESET, RESET, CLOSE, STALL, SILENCE))
    return Mishap(way, after_bytes, what, rng.uniform(0, 0.5))


def _drop(each: socket.socket, at_once: bool = False) -> None:
    with suppress(OSError):
        if at_once:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        else:
            each.shutdown(socket.SHUT_RDWR)
    each.close()
