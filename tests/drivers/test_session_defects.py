"""What umqtt.simple and umqtt.robust get wrong, one defect a test: a session built on them must
not be reached by any of it, whichever umqtt the chip has.

The way bytes take is the world's, the peer says what the test wants it to.
"""

from pathlib import Path

import pytest

from host_sim import passage
from host_sim.models import mqtt_packets as wire
from host_sim.models.mqtt_packets import Message, build_publish
from host_sim.passage import UP, Mishap
from tests.drivers.peer import CONNACK, UMQTTS, Peer, obliging, prepared, suffering, told

pytestmark = pytest.mark.parametrize("umqtt", UMQTTS)


def test_packet_ids_wrap_past_zero(vm: str, umqtt: str, tmp_path: Path) -> None:
    # umqtt counts on: the 65 536th message has id 0, for which a broker ends the connection, and
    # later ones wait for an id that never comes. Here it is 1 again, and is acknowledged.
    program = """
async def main():
    session = made()
    await opened(session)
    session.pid = 65533
    sent = []
    for _ in range(4):
        sent.append(await published(session, "t", b"x"))
    await asyncio.sleep_ms(1000)
    print(sent, acknowledged)
asyncio.run(main())
"""
    chip = prepared(vm, umqtt, program, tmp_path, Peer(obliging))
    assert told(chip) == ["[65534, 65535, 1, 2] [65534, 65535, 1, 2]"]


def test_no_wait_is_without_its_deadline(vm: str, umqtt: str, tmp_path: Path) -> None:
    # umqtt sets its socket back to blocking with the first packet that comes: from then on a peer
    # that is gone without a word is waited for for ever. Here each wait ends: for CONNACK, for a
    # subscription, and for any sign of life after one and a half keepalives.
    def answer(kind: int, flags: int, body: bytes) -> bytes | None:
        connected = sum(kind == wire.CONNECT for kind, _, _ in peer.packets)
        return CONNACK if kind == wire.CONNECT and connected > 1 else None

    program = """
async def main():
    session = made(20)
    start_ms = time.ticks_ms()
    try:
        await opened(session)
    except LinkError as error:
        print(error, time.ticks_diff(time.ticks_ms(), start_ms) // 1000)
    session.close()
    task = await opened(session)
    start_ms = time.ticks_ms()
    try:
        await session.subscribe_topic("t", 5000)
    except LinkError as error:
        print(error, time.ticks_diff(time.ticks_ms(), start_ms) // 1000)
    try:
        while True:
            await asyncio.sleep_ms(10000)
            await session.ping_broker()
    except LinkError as error:
        print(error, time.ticks_diff(time.ticks_ms(), start_ms) // 1000)
asyncio.run(main())
"""
    peer = Peer(answer)
    chip = prepared(vm, umqtt, program, tmp_path, peer)
    assert told(chip) == [
        "broker:1883 does not answer 13",
        "no answer to the subscription 5",
        "the broker has been silent for 35 s 35",
    ]


def test_a_peer_that_takes_nothing_more_ends_the_session(
    vm: str, umqtt: str, tmp_path: Path
) -> None:
    # The line goes silent while the send buffer fills: a writer that waits for room would wait for
    # as long as TCP tries, which is for ever where the peer keeps its window shut.
    program = """
async def main():
    session = made()
    await opened(session)
    start_ms = time.ticks_ms()
    try:
        for sent in range(20):
            await published(session, "t", bytes(1400))
    except LinkError as error:
        print(sent, error, time.ticks_diff(time.ticks_ms(), start_ms) // 1000)
asyncio.run(main())
"""
    silence = suffering(Mishap(UP, 2000, passage.SILENCE))
    chip = prepared(vm, umqtt, program, tmp_path, Peer(obliging), passages=silence)
    assert told(chip) == ["4 the broker takes nothing 30"]


def test_publish_from_within_a_callback(vm: str, umqtt: str, tmp_path: Path) -> None:
    # umqtt waits for one acknowledgement at a time, and the inner wait eats the outer one's: here
    # both messages get theirs, although the answers come in the other order.
    def answer(kind: int, flags: int, body: bytes) -> bytes | None:
        if kind != wire.PUBLISH:
            return obliging(kind, flags, body)
        packet_id = wire.parse_publish(flags, body).packet_id
        if packet_id == 1:
            return build_publish(Message("news", b"do it", 1), 9)
        return b"".join(wire.build_answer(wire.PUBACK, number) for number in (packet_id, 1))

    program = """
async def main():
    session = made()
    session.on_message = lambda topic, text: asyncio.create_task(published(session, "b", b""))
    await opened(session)
    await published(session, "a", b"")
    await asyncio.sleep_ms(2000)
    print(acknowledged)
asyncio.run(main())
"""
    peer = Peer(answer)
    assert told(prepared(vm, umqtt, program, tmp_path, peer)) == ["[2, 1]"]
    assert peer.ids(wire.PUBACK) == [9]


@pytest.mark.parametrize("said", [b"", b"\x20", b"\x20\x02", b"\x20\x02\x00", b"\x20\x02\x00\x05"])
def test_a_peer_that_leaves_during_connect(
    vm: str, umqtt: str, tmp_path: Path, said: bytes
) -> None:
    # umqtt raises IndexError for what is missing of CONNACK, and MQTTException for a refusal: both
    # pass by whoever waits for an OSError. Here it is a LinkError that says what happened.
    program = """
async def main():
    try:
        await opened(made())
    except LinkError as error:
        print(error)
asyncio.run(main())
"""

    def answer(kind: int, flags: int, body: bytes) -> None:
        peer.say(said)
        peer.hang_up()

    peer = Peer(answer)
    refused = "broker:1883 refuses this collector (code 5)"
    left = "the broker has closed the connection"
    assert told(prepared(vm, umqtt, program, tmp_path, peer)) == [refused if said[3:] else left]


def test_a_ping_without_an_answer_ends_the_session(vm: str, umqtt: str, tmp_path: Path) -> None:
    # umqtt sends PINGREQ when it is told to, and nobody looks for the answer. Here the session
    # ends after one and a half keepalives of silence, and not while the pings are answered.
    def answer(kind: int, flags: int, body: bytes) -> bytes | None:
        pings = sum(found == wire.PINGREQ for found, _, _ in peer.packets)
        return obliging(kind, flags, body) if pings <= 10 else None

    program = """
async def main():
    session = made(20)
    await opened(session)
    start_ms = time.ticks_ms()
    try:
        while True:
            await asyncio.sleep_ms(10000)
            await session.ping_broker()
    except LinkError as error:
        print(error, time.ticks_diff(time.ticks_ms(), start_ms) // 1000)
asyncio.run(main())
"""
    peer = Peer(answer)
    chip = prepared(vm, umqtt, program, tmp_path, peer)
    assert told(chip) == ["the broker has been silent for 39 s 140"]


def test_no_socket_is_left_behind(vm: str, umqtt: str, tmp_path: Path) -> None:
    # The older umqtt leaves its socket open when it connects again, and the chip has ten: after
    # thirty connections that ended in every way there must still be one.
    program = """
async def main():
    session = made()
    for number in range(30):
        try:
            task = await opened(session)
            await asyncio.sleep_ms(2000)
            task.cancel()
        except (LinkError, OSError) as error:
            print(number, error)
        session.close()
    print("done")
asyncio.run(main())
"""

    def answer(kind: int, flags: int, body: bytes) -> bytes | None:
        if kind == wire.CONNECT and peer.links % 3 == 0:
            peer.hang_up()
            return None
        return obliging(kind, flags, body)

    peer = Peer(answer)
    *ends, last = told(prepared(vm, umqtt, program, tmp_path, peer))
    assert last == "done"
    assert len(ends) == 10
    assert all("closed the connection" in line for line in ends)
