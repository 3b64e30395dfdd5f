"""The line with a round trip: it delays what it carries, and nothing else."""

import asyncio
import time

from tools.bench.delay import HOST, DelayedLine

ONE_WAY_S = 0.05
MESSAGES = 100
PATIENCE_S = 20


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def over_the_line(sent: list[bytes], window: int) -> tuple[bytes, float, int]:
    """(what came back, after how long, what the line counted) with so many under way at a time."""
    server = await asyncio.start_server(echo, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    async with DelayedLine(port, ONE_WAY_S) as line:
        reader, writer = await asyncio.open_connection(HOST, line.port)
        began_s, back = time.monotonic(), b""
        for place in range(0, len(sent), window):
            together = b"".join(sent[place : place + window])
            writer.write(together)
            back += await reader.readexactly(len(together))
        took_s = time.monotonic() - began_s
        writer.close()
        await writer.wait_closed()
    server.close()
    return back, took_s, line.bytes_carried


def test_each_answer_takes_the_round_trip() -> None:
    back, took_s, carried = asyncio.run(over_the_line([b"one", b"two", b"three"], window=1))
    assert back == b"onetwothree"
    assert took_s >= 3 * 2 * ONE_WAY_S
    assert carried == 2 * len(back)


def test_what_is_under_way_together_takes_it_once() -> None:
    # A line that held up each message until the one before has arrived would be a slow line, not a
    # long one: here ten seconds.
    sent = [bytes((place,)) * 10_000 for place in range(MESSAGES)]
    back, took_s, _ = asyncio.run(over_the_line(sent, window=MESSAGES))
    assert back == b"".join(sent)
    assert 2 * ONE_WAY_S <= took_s < MESSAGES * ONE_WAY_S


def test_the_end_arrives_too_and_after_all_else() -> None:
    async def last_words() -> bytes:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"good bye")
            writer.close()

        server = await asyncio.start_server(speak, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        async with DelayedLine(port, ONE_WAY_S) as line:
            reader, _ = await asyncio.open_connection(HOST, line.port)
            return await asyncio.wait_for(reader.read(), PATIENCE_S)

    assert asyncio.run(last_words()) == b"good bye"


def test_where_no_server_listens_the_connection_ends() -> None:
    async def nobody() -> bytes:
        server = await asyncio.start_server(echo, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with DelayedLine(port, ONE_WAY_S) as line:
            reader, _ = await asyncio.open_connection(HOST, line.port)
            return await asyncio.wait_for(reader.read(), PATIENCE_S)

    assert asyncio.run(nobody()) == b""
