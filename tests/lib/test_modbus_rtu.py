"""Frames of the Modbus master: what counts as the answer, whatever stands around it."""

from lib import modbus_rtu as rtu
from lib.crc16 import crc16

NOISE = b"\x00\xff\x01\x04"


def request(slave=1, function=4, register=72, count=2):
    buf = bytearray(8)
    rtu.build_request(buf, slave, function, register, count)
    return buf


def framed(head):
    crc = crc16(head, len(head))
    return head + bytes((crc & 0xFF, crc >> 8))


ANSWER = framed(b"\x01\x04\x04\x43\x66\x33\x34")  # 230.2 V, as Eastron prints it
REFUSAL = framed(b"\x01\x84\x02")


def find(data, asked=None):
    return rtu.find_answer(data, len(data), asked or request())


def test_request_as_captured_from_another_master():
    assert request(count=4) == bytes.fromhex("01040048000471df")


def test_request_out_of_range_is_refused():
    for slave, function, register, count in (
        (0, 4, 0, 1),
        (249, 4, 0, 1),
        (1, 6, 0, 1),
        (1, 4, -1, 1),
        (1, 4, 65535, 2),
        (1, 4, 0, 0),
        (1, 4, 0, 126),
    ):
        try:
            request(slave, function, register, count)
        except ValueError:
            continue
        raise AssertionError((slave, function, register, count))


def test_clean_answer():
    assert bytes.fromhex("010404436633341b38") == ANSWER
    assert rtu.answer_bytes(request()) == len(ANSWER)
    assert find(ANSWER) == 0
    assert not rtu.is_exception(ANSWER, 0)


def test_every_truncation_says_what_is_missing():
    for length in range(1, len(ANSWER)):
        assert rtu.find_answer(ANSWER, length, request()) == length - len(ANSWER)
    assert rtu.find_answer(ANSWER, 0, request()) == -rtu.EXCEPTION_BYTES


def test_only_the_received_bytes_count():
    stale = ANSWER + ANSWER
    assert rtu.find_answer(stale, 4, request()) == 4 - len(ANSWER)


def test_every_flipped_bit_is_refused():
    data = bytearray(ANSWER)
    for bit in range(8 * len(data)):
        data[bit // 8] ^= 1 << bit % 8
        assert find(data) < 0, bit
        data[bit // 8] ^= 1 << bit % 8


def test_noise_around_the_answer():
    for before in range(len(NOISE) + 1):
        for after in range(len(NOISE) + 1):
            assert find(NOISE[:before] + ANSWER + NOISE[:after]) == before


def test_noise_that_looks_like_a_head_does_not_hide_the_answer():
    assert find(ANSWER[:5] + ANSWER) == 5
    assert find(b"\x01\x04" + ANSWER) == 2


def test_refusal():
    assert find(REFUSAL) == 0
    assert rtu.is_exception(REFUSAL, 0)
    assert rtu.EXCEPTIONS[REFUSAL[2]] == "illegal register"
    assert find(REFUSAL[:3]) == -2


def test_foreign_answers_are_refused():
    other_slave = framed(b"\x02\x04\x04\x43\x66\x33\x34")
    other_function = framed(b"\x01\x03\x04\x43\x66\x33\x34")
    other_length = framed(b"\x01\x04\x02\x43\x66")
    other_refusal = framed(b"\x01\x83\x02")
    for data in (other_slave, other_function, other_length, other_refusal):
        assert find(data) < 0
        assert find(data + ANSWER) == len(data)


def test_own_echo_is_skipped():
    asked = request()
    assert rtu.echo_bytes(asked, 8, asked) == 8
    assert rtu.echo_bytes(asked, 7, asked) == 0
    assert rtu.echo_bytes(ANSWER, 9, asked) == 0
    assert find(asked + ANSWER) == 8
    assert find(asked) == -rtu.EXCEPTION_BYTES


def test_an_echo_that_could_pass_for_an_answer():
    # Register 0x02xx, one word: the first seven bytes of the request look like an answer,
    # and for one register in 65536 their CRC fits as well.
    for low in range(256):
        asked = request(1, 4, 0x0200 | low, 1)
        assert find(bytes(asked), asked) < 0


def test_longest_answer():
    asked = request(247, 3, 65411, 125)
    data = framed(b"\xf7\x03\xfa" + bytes(range(250)))
    assert len(data) == rtu.MAX_ANSWER_BYTES
    assert find(data, asked) == 0
    assert find(data[:-1], asked) == -1
