"""The in-world broker on a real socket, so that real MQTT clients can be its judges."""

import contextlib
import selectors
import socket
import threading
from typing import Self

from host_sim.models.broker import Broker

_SELECT_S = 0.2


class ModelServer:
    """Serves one `Broker` on a free loopback port from a thread, until the block ends."""

    kind = "model"
    host = "127.0.0.1"

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            self._close(key.fileobj)  # type: ignore[arg-type]

    def _run(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(_SELECT_S):
                key.data()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def send(data: bytes) -> None:
            with contextlib.suppress(OSError):  # the reader sees the end of the connection
                connection.sendall(data)

        link = self._broker.accept(send, lambda: self._close(connection))

        def readable() -> None:
            try:
                data = connection.recv(65_536)
            except OSError:
                data = b""
            if data:
                link.receive(data)
            else:
                link.lost()
                self._close(connection)

        self._selector.register(connection, selectors.EVENT_READ, readable)

    def _close(self, connection: socket.socket) -> None:
        with contextlib.suppress(KeyError, ValueError):  # closed from both sides at once
            self._selector.unregister(connection)
        connection.close()
