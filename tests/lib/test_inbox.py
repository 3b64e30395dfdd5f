"""The inbox: packets come out whole and in order, however the bytes came in; one that is too long
shows its beginning only.
"""

import random

from lib.inbox import Inbox

BOTH_VMS = True


def put(box, data):
    """Bytes as from a socket: no more at a time than there is room."""
    count = min(len(data), len(box.room()))
    box.room()[:count] = data[:count]
    box.fill(count)
    return data[count:]


def taken(box):
    found = []
    while box.packet():
        kind, body, _ = box.packet()
        found.append((kind, bytes(body)))
        box.drop()
    return found


def is_refused(box):
    try:
        box.packet()
    except ValueError:
        return True
    return False


def packet(kind, body):
    """MQTT 3.1.1 section 2.2.3: seven bits of the length a byte, the lowest first."""
    length = len(body)
    head = [kind]
    while length > 127:
        head.append(length & 127 | 128)
        length >>= 7
    return bytes(head + [length]) + body


def test_packets_come_out_as_they_went_in():
    # Cut anywhere, the buffer as long as the longest of them.
    for seed in range(200):
        random.seed(seed)
        sent = [(16 * i, bytes(random.randrange(0, 200))) for i in range(1, 9)]
        sent = [(kind, bytes([kind + i & 255 for i in range(len(body))])) for kind, body in sent]
        data = b"".join(packet(*each) for each in sent)
        box = Inbox(bytearray(203))
        came = []
        while data:
            count = random.randrange(1, 120)
            data = put(box, data[:count]) + data[count:]
            came += taken(box)
        assert came == sent, "seed %d" % seed


def test_nothing_is_complete_before_its_last_byte():
    box = Inbox(bytearray(200))
    for byte in packet(0x30, bytes(150))[:-1]:
        put(box, bytes((byte,)))
        assert box.packet() is None
    put(box, b"\x00")
    assert taken(box) == [(0x30, bytes(150))]


def test_too_long_is_cut_and_the_rest_passed_over():
    # Among good ones, cut anywhere: what is too long shows its beginning, and ends in its place.
    for seed in range(200):
        random.seed(seed)
        sizes = [random.choice((0, 20, 97, 98, 99, 100, 300, 1000)) for _ in range(8)]
        sent = [(16 * i, bytes([i] * size)) for i, size in enumerate(sizes)]
        data = b"".join(packet(*each) for each in sent)
        box = Inbox(bytearray(100))
        came = []
        while data:
            count = random.randrange(1, 400)
            data = put(box, data[:count]) + data[count:]
            while box.packet():
                kind, body, is_cut = box.packet()
                came.append((kind, bytes(body), is_cut))
                box.drop()
        expected = []
        for kind, body in sent:
            head = len(packet(kind, body)) - len(body)
            expected.append((kind, body[: 100 - head], head + len(body) > 100))
        assert came == expected, "seed %d" % seed


def test_what_is_passed_over_ends_with_the_connection():
    box = Inbox(bytearray(64))
    put(box, packet(0x30, bytes(151)))
    assert box.packet()[2]
    box.drop()
    box.clear()
    put(box, packet(0x40, b"\x01\x02"))
    assert taken(box) == [(0x40, b"\x01\x02")]


def test_a_length_that_goes_on_and_on():
    box = Inbox(bytearray(64))
    put(box, b"\x30\xff\xff\xff")
    assert not is_refused(box)
    put(box, b"\xff")
    assert is_refused(box)
