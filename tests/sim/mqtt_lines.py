"""What the broker tests share: packets as bytes, and a line to a real broker or to the model.

The packets are built here by hand, so that a mistake in the model's own codec can not cancel out.
A script is a list of steps; a step sends bytes on a named connection, or cuts it. After every step
a PINGREQ on each line is the barrier: when its PINGRESP is back, all that came before is there.
"""

import contextlib
import socket
import struct
from collections.abc import Callable

from host_sim.models.broker import Broker

CUT = b""
PINGREQ, PINGRESP, DISCONNECT = b"\xc0\x00", b"\xd0\x00", b"\xe0\x00"


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(data)) + data


def packet(first: int, body: bytes) -> bytes:
    assert len(body) < 16_384
    high, low = len(body) >> 7, len(body) & 0x7F
    return bytes([first, low | 0x80, high] if high else [first, low]) + body


def connect(name: str, flags: int = 2, tail: bytes = b"", keepalive_s: int = 60) -> bytes:
    head = text("MQTT") + bytes([4, flags]) + struct.pack(">H", keepalive_s)
    return packet(0x10, head + text(name) + tail)


def publish(topic: str, payload: bytes, packet_id: int = 0, flags: int = 0) -> bytes:
    identifier = struct.pack(">H", packet_id) if flags & 6 else b""
    return packet(0x30 | flags, text(topic) + identifier + payload)


def subscribe(packet_id: int, *wanted: tuple[str, int]) -> bytes:
    body = b"".join(text(topic) + bytes([qos]) for topic, qos in wanted)
    return packet(0x82, struct.pack(">H", packet_id) + body)


def puback(packet_id: int) -> bytes:
    return packet(0x40, struct.pack(">H", packet_id))


def will(topic: str, payload: bytes) -> bytes:
    return text(topic) + text(payload)


def cut_packets(stream: bytes) -> list[bytes]:
    packets = []
    while stream:
        assert stream[1] < 0x80 or stream[2] < 0x80, "the test keeps packets short"
        size = 2 + stream[1] if stream[1] < 0x80 else 3 + (stream[1] & 0x7F) + (stream[2] << 7)
        packets.append(stream[:size])
        stream = stream[size:]
    return packets


class RealLine:
    """One TCP connection to a real broker."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.open = True

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # it was closed meanwhile; collect() sees it
            self._socket.sendall(data)

    def collect(self) -> bytes:
        """Everything up to the answer to a PINGREQ, or to the end of the connection."""
        if self.open:
            self.send(PINGREQ)
        heard = b""
        while self.open and not heard.endswith(PINGRESP):
            try:
                piece = self._socket.recv(65_536)
            except ConnectionResetError:
                piece = b""
            self.open = bool(piece)
            heard += piece
        return heard.removesuffix(PINGRESP)

    def cut(self) -> None:
        self._socket.close()
        self.open = False


class ModelLine:
    """One connection to the model; `chunk` cuts what is sent into pieces."""

    def __init__(self, broker: Broker, chunk: int = 1_000_000) -> None:
        self._heard = bytearray()
        self._chunk = chunk
        self.open = True
        self._link = broker.accept(self._heard.extend, self._closed)

    def _closed(self) -> None:
        assert self.open, "closed twice"
        self.open = False

    def send(self, data: bytes) -> None:
        for i in range(0, len(data), self._chunk):
            self._link.receive(data[i : i + self._chunk])

    def collect(self) -> bytes:
        heard = bytes(self._heard)
        self._heard.clear()
        return heard

    def cut(self) -> None:
        self.open = False
        self._link.lost()


def play(script: list[tuple[str, bytes]], line: Callable) -> list:
    """What every connection heard in every step, in no order, and whether it is still open."""
    lines, heard = {}, []
    for name, data in script:
        if name not in lines:
            lines[name] = line()
        if data == CUT:
            lines[name].cut()
        else:
            lines[name].send(data)
        # Once round, and the broker has seen the step; the other rounds bring what it set off.
        packets: dict[str, list[bytes]] = {other: [] for other in lines}
        for other in [name, *lines] * 2:
            packets[other] += cut_packets(lines[other].collect())
        heard.append({other: (lines[other].open, sorted(packets[other])) for other in lines})
    for there in lines.values():
        if there.open:
            there.cut()
    return heard
