"""What noise does to answers: no exception, nothing found that is not there, nothing missed.

pymodbus is the judge of frames: requests are what its encoder would send.
"""

import random

from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest, ReadInputRegistersRequest

from lib import modbus_rtu as rtu
from lib.crc16 import crc16

FUZZED = 20_000

slaves = st.integers(1, 247)
functions = st.sampled_from([3, 4])
counts = st.integers(1, 125)


def request(slave: int, function: int, register: int, count: int) -> bytes:
    buf = bytearray(8)
    rtu.build_request(buf, slave, function, register, count)
    return bytes(buf)


def framed(head: bytes) -> bytes:
    return head + crc16(head, len(head)).to_bytes(2, "little")


@given(slaves, functions, st.integers(0, 65535), counts)
def test_requests_are_those_of_pymodbus(
    slave: int, function: int, register: int, count: int
) -> None:
    if register + count > 65536:
        return
    kind = ReadHoldingRegistersRequest if function == 3 else ReadInputRegistersRequest
    pdu = kind(address=register, count=count, dev_id=slave)
    assert request(slave, function, register, count) == FramerRTU(DecodePDU(True)).buildFrame(pdu)


@given(slaves, functions, counts, st.binary(max_size=24), st.binary(max_size=24), st.data())
def test_an_answer_is_found_among_noise(
    slave: int, function: int, count: int, before: bytes, after: bytes, data: st.DataObject
) -> None:
    asked = request(slave, function, 0, count)
    words = data.draw(st.binary(min_size=2 * count, max_size=2 * count))
    answer = framed(bytes((slave, function, 2 * count)) + words)
    heard = before + answer + after
    found = rtu.find_answer(heard, len(heard), asked)
    # Only a false answer inside the noise, at a chance of 2^-16, could come before it.
    assert found == len(before) or 0 <= found < len(before)
    for length in range(len(before), len(before) + len(answer)):
        assert rtu.find_answer(heard, length, asked) < 0 or found < len(before)


@given(st.binary(max_size=300), slaves, functions, counts)
def test_noise_is_never_an_exception(heard: bytes, slave: int, function: int, count: int) -> None:
    asked = request(slave, function, 0, count)
    found = rtu.find_answer(heard, len(heard), asked)
    if found < 0:
        assert -found <= rtu.answer_bytes(asked)
        return
    size = 5 if rtu.is_exception(heard, found) else rtu.answer_bytes(asked)
    assert heard[found] == slave
    assert crc16(heard, found + size, found) == 0


def test_damaged_answers_pass_no_oftener_than_the_crc_allows() -> None:
    """Of answers with random bytes overwritten, about one in 65536 has a matching CRC."""
    rng = random.Random(20_261_122)
    asked = request(1, 4, 72, 2)
    accepted = 0
    for _ in range(FUZZED):
        words = rng.randbytes(4)
        heard = bytearray(framed(b"\x01\x04\x04" + words))
        for _ in range(rng.randint(1, 4)):
            heard[rng.randrange(3, len(heard))] ^= rng.randint(1, 255)
        if rtu.find_answer(heard, len(heard), asked) == 0 and heard[3:7] != words:
            accepted += 1
    assert accepted <= 3
