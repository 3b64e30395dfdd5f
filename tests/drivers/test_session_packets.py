"""How packets leave and how they come: each in one write whatever else goes on, and cut anywhere.
umqtt.simple's ways, which test_session_defects.py goes on with, must not come back here either.
"""

from pathlib import Path

import pytest

from host_sim import passage
from host_sim.models import mqtt_packets as wire
from host_sim.models.mqtt_packets import Message, build_publish
from host_sim.passage import UP, Mishap
from tests.drivers.peer import UMQTTS, Peer, obliging, prepared, suffering, told

pytestmark = pytest.mark.parametrize("umqtt", UMQTTS)
SECOND_US = 1_000_000


def test_a_message_in_the_middle_of_a_packet(vm: str, umqtt: str, tmp_path: Path) -> None:
    # The send buffer is full and half a packet still to go, for ten seconds, when thirty messages
    # come that want an acknowledgement: it may neither be lost, for a broker sends no more than
    # twenty without one, nor be written into the midst of the packet.
    program = """
async def main():
    session = made()
    await opened(session)
    for _ in range(12):
        await published(session, "t", bytes(1400))
    await asyncio.sleep_ms(20000)
    print(len(acknowledged), len(heard))
asyncio.run(main())
"""
    peer = Peer(obliging)
    stall = Mishap(UP, 2000, passage.STALL, 10 * SECOND_US)

    def talk() -> None:
        for number in range(1, 31):
            peer.say(build_publish(Message("news", b"x", 1), number))

    chip = prepared(vm, umqtt, program, tmp_path, peer, passages=suffering(stall))
    chip.world.at(6 * SECOND_US, talk)
    assert told(chip) == ["12 30"]
    assert peer.ids(wire.PUBACK) == list(range(1, 31))
    assert peer.ids(wire.PUBLISH) == list(range(1, 13))


def test_every_packet_is_one_write(vm: str, umqtt: str, tmp_path: Path) -> None:
    # umqtt writes a message in five pieces, and Nagle's algorithm holds the second back until the
    # first is acknowledged: 40 ms for each message. Here a packet is a write, whatever its kind.
    program = """
async def main():
    session = made(user="u", password="p")
    session.set_last_will("will", b"gone", True, 1)
    await opened(session)
    await session.subscribe_topic("t", 5000)
    for size in (0, 100, 1400):
        await published(session, "t", bytes(size))
    await asyncio.sleep_ms(30000)
    await session.ping_broker()
    await asyncio.sleep_ms(1000)
asyncio.run(main())
"""
    peer = Peer(obliging)
    assert told(prepared(vm, umqtt, program, tmp_path, peer)) == []
    kinds = [kind for kind, _, _ in peer.packets]
    assert kinds == [wire.CONNECT, wire.SUBSCRIBE, *[wire.PUBLISH] * 3, wire.PINGREQ]
    assert len(peer.pieces) == len(kinds)


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 1000])
def test_answers_cut_anywhere_and_mixed(vm: str, umqtt: str, tmp_path: Path, cut: int) -> None:
    # umqtt's check_msg() leaves the body of a PUBACK in the stream, and takes it for the next
    # packet: nothing can be under way while something is listened for. Here eight are, and the
    # answers come with a message and a PINGRESP among them, in pieces of `cut` bytes.
    def answer(kind: int, flags: int, body: bytes) -> bytes | None:
        if kind == wire.PUBLISH and len(peer.ids(wire.PUBLISH)) < 8:
            return None
        if kind != wire.PUBLISH:
            return obliging(kind, flags, body)
        acks = [wire.build_answer(wire.PUBACK, number) for number in range(1, 9)]
        acks.insert(3, build_publish(Message("news", b"seven", 1), 7))
        acks.insert(6, wire.build(wire.PINGRESP, 0, b""))
        said = b"".join(acks)
        for place in range(0, len(said), cut):
            peer.say(said[place : place + cut])
        return None

    program = """
async def main():
    session = made()
    await opened(session)
    for _ in range(8):
        await published(session, "t", b"x")
    await asyncio.sleep_ms(2000)
    print(acknowledged, heard)
asyncio.run(main())
"""
    peer = Peer(answer)
    assert told(prepared(vm, umqtt, program, tmp_path, peer)) == [
        "[1, 2, 3, 4, 5, 6, 7, 8] [('news', b'seven')]"
    ]
    assert peer.ids(wire.PUBACK) == [7]


def test_lengths_count_bytes(vm: str, umqtt: str, tmp_path: Path) -> None:
    # umqtt counts the characters of a text: with any that takes two bytes the packet is malformed,
    # and with a topic beyond 122 bytes a subscription is, in the older one.
    program = """
async def main():
    session = made(user="zähler", password="geheim-ß", client_id="gerät-ü")
    session.set_last_will("tot/gerät", "geht-über".encode(), True, 1)
    await opened(session)
    await session.subscribe_topic("straße/" + "x" * 120, 5000)
    await published(session, "größe", "süß".encode())
    await asyncio.sleep_ms(1000)
    print(acknowledged)
asyncio.run(main())
"""
    peer = Peer(obliging)
    assert told(prepared(vm, umqtt, program, tmp_path, peer)) == ["[2]"]
    connect = wire.parse_connect(peer.packets[0][2])
    assert (connect.client_id, connect.user, connect.password) == (
        "gerät-ü",
        "zähler",
        "geheim-ß".encode(),
    )
    assert connect.will == Message("tot/gerät", "geht-über".encode(), 1, True)
    assert wire.parse_subscribe(peer.packets[1][2])[1] == [("straße/" + "x" * 120, 1)]
    message = wire.parse_publish(*peer.packets[2][1:]).message
    assert (message.topic, message.payload) == ("größe", "süß".encode())
