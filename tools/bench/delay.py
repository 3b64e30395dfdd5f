"""A line with a round trip, between a client and a server on this machine."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536


class DelayedLine:
    """Whatever either side says arrives `one_way_s` later, however much it is: the round trip is
    limited, the throughput is not. `bytes_carried` counts both directions.

    Each half is a TCP connection of its own: what a sender's TCP waits for comes at once, where on
    a long line it would take the round trip, too.
    """

    def __init__(self, port: int, one_way_s: float) -> None:
        """port: where the server listens; `self.port`: where this line does."""
        self.port = 0
        self.bytes_carried = 0
        self._server_port = port
        self._one_way_s = one_way_s
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        for each in self._connections:
            each.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.create_task(self._connect(near, back)))

    async def _connect(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            far, there = await asyncio.open_connection(HOST, self._server_port)
        except OSError:
            back.close()
            return
        async with asyncio.TaskGroup() as both:
            both.create_task(self._carry(near, there))
            both.create_task(self._carry(far, back))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """All that comes from `source`, and then its end."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._deliver(under_way, target))
            data = b"-"
            while data:
                data = b""
                with suppress(ConnectionError):
                    data = await source.read(CHUNK_BYTES)
                self.bytes_carried += len(data)
                under_way.put_nowait((_now_s() + self._one_way_s, data))

    async def _deliver(
        self, under_way: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter
    ) -> None:
        while True:
            due_s, data = await under_way.get()
            await asyncio.sleep(due_s - _now_s())
            if not data:
                break
            target.write(data)
        target.close()
        with suppress(ConnectionError):
            await target.wait_closed()


def _now_s() -> float:
    return asyncio.get_running_loop().time()
