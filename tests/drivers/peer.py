"""A broker that a test scripts: it hears packets and says bytes. And a chip that runs a session
with it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from host_sim.models import mqtt_packets as wire
from host_sim.models.mqtt_packets import Splitter
from host_sim.passage import Mishap, Passage, Passages
from host_sim.simulation import Simulation
from tests.drivers.chip import simulation

CONNACK = b"\x20\x02\x00\x00"
UMQTTS = {"1.3.4": "", "newer": str(Path(__file__).with_name("umqtt_newer"))}

PROLOGUE = """
import sys
if {umqtt!r}:
    sys.path.insert(0, {umqtt!r})
import asyncio
import time
from drivers.broker import BrokerSession, LinkError
from drivers.wifi import WiFi
acknowledged = []
heard = []
def made(keepalive_s=60, user="", password="", inbound_bytes=320, client_id="collector"):
    session = BrokerSession(
        client_id, "broker", 1883, user, password, keepalive_s, bytearray(inbound_bytes)
    )
    session.on_acknowledged = acknowledged.append
    session.on_message = lambda topic, text: heard.append((topic, bytes(text)))
    return session
class Text:  # any bytes as a message, as lib.jsontext.JsonWriter has one
    def __init__(self, data):
        self.data = data
    def size(self):
        return len(self.data)
    def packet(self, head):
        return memoryview(bytes(head) + self.data)
async def published(session, topic, data):
    packet_id = session.next_packet_id()
    await session.publish_text(topic, Text(data), packet_id)
    return packet_id
async def opened(session):
    await WiFi("meters", "correct horse battery").join(10000)
    await session.open("broker", 10000)
    return asyncio.create_task(ended(session))
async def ended(session):
    try:
        await session.run()
    except (LinkError, OSError) as error:
        print("ended:", error)
"""


class Peer:
    """Stands in a simulation's place of the broker. `on_packet(kind, flags, body)` says what to
    send to the packet, and when: at once.
    """

    deadline_us = None

    def __init__(self, on_packet: Callable[[int, int, bytes], bytes | None]) -> None:
        self.pieces: list[bytes] = []  # as the client wrote them
        self.packets: list[tuple[int, int, bytes]] = []
        self.links = 0
        self._on_packet = on_packet
        self._splitter = Splitter()
        self.say: Callable[[bytes], None] = lambda data: None
        self.hang_up: Callable[[], None] = lambda: None

    def accept(self, send: Callable[[bytes], None], close: Callable[[], None]) -> "Peer":
        """A client is there."""
        self.links += 1
        self._splitter = Splitter()
        self.say, self.hang_up = send, close
        return self

    def receive(self, data: bytes) -> None:
        """It has sent something."""
        self.pieces.append(data)
        for packet in self._splitter.feed(data):
            self.packets.append(packet)
            answer = self._on_packet(*packet)
            if answer:
                self.say(answer)

    def lost(self) -> None:
        """It is gone."""

    def end(self) -> None:
        """The network wants the connection to end."""
        self.hang_up()

    def tick(self) -> None:
        """No connection has a deadline."""

    def ids(self, kind: int) -> list[int]:
        """Packet ids of all PUBLISH, or PUBACK, that came."""
        if kind == wire.PUBACK:
            return [wire.parse_puback(body) for found, _, body in self.packets if found == kind]
        return [
            wire.parse_publish(flags, body).packet_id
            for found, flags, body in self.packets
            if found == kind
        ]


def obliging(kind: int, flags: int, body: bytes) -> bytes | None:
    """What any broker says."""
    if kind == wire.CONNECT:
        return CONNACK
    if kind == wire.PUBLISH and flags & 6:
        return wire.build_answer(wire.PUBACK, wire.parse_publish(flags, body).packet_id)
    if kind == wire.SUBSCRIBE:
        return wire.build_answer(wire.SUBACK, int.from_bytes(body[:2], "big"), b"\x01")
    return wire.build(wire.PINGRESP, 0, b"") if kind == wire.PINGREQ else None


def prepared(
    vm: str, umqtt: str, program: str, folder: Path, peer: Peer, **further: Any
) -> Simulation:
    """A chip that runs `program` behind the prologue, with the peer in the broker's place; not
    started yet. `further` as for a Scenario.
    """
    text = PROLOGUE.format(umqtt=UMQTTS[umqtt]) + program
    chip = simulation(vm, text, folder, 2000, **further)
    chip.broker = peer  # type: ignore[assignment]
    return chip


def told(chip: Simulation) -> list[str]:
    """What the program prints, line by line, when it is run."""
    chip.run()
    return chip.collector.lives[0].console.splitlines()


def suffering(mishap: Mishap) -> Passages:
    """Every connection has it."""
    return lambda number, now_us: Passage(40_000, 0, (mishap,))
