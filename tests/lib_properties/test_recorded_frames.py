"""Frames that others have recorded or printed, through the real parser, on both Pythons.

That their CRCs are right is asked in tests/sim/test_modbus_slave.py; here a request has to be
found its answer.
"""

import json
from itertools import product
from pathlib import Path

import pytest

from tests import vm as vms
from tests.sim.shared_data import SHARED_DATA, needs_shared_data

READS = (3, 4)
PLAIN = """
from lib import modbus_rtu as rtu

def built(frame):
    buf = bytearray(8)
    words = frame[4] << 8 | frame[5]
    rtu.build_request(buf, frame[0], frame[1], frame[2] << 8 | frame[3], words)
    return bytes(buf)

def test_requests_are_built_alike():
    for frame in REQUESTS:
        assert built(frame) == frame, frame

def test_misprints_are_not_built_and_answer_nothing():
    for frame in MISPRINTS:
        assert built(frame) != frame, frame
        for count in range(1, 126):
            asked = built(frame[:4] + bytes((0, count)))
            assert rtu.find_answer(frame, len(frame), asked) < 0, (frame, count)

def test_answers_are_found():
    for asked, frame in ANSWERS:
        assert rtu.find_answer(frame, len(frame), asked) == 0, frame
        assert not rtu.is_exception(frame, 0)
        assert rtu.answer_bytes(asked) == len(frame) == 5 + frame[2]
        heard = b"\\x00\\xff" + frame
        assert rtu.find_answer(heard, len(heard), asked) == 2
        for length in range(len(frame)):
            assert rtu.find_answer(frame, length, asked) < 0

def test_refusals_are_found():
    for asked, frame in REFUSALS:
        assert rtu.find_answer(frame, len(frame), asked) == 0, frame
        assert rtu.is_exception(frame, 0)
        assert rtu.EXCEPTIONS[frame[2]] == "illegal register"

def test_everything_else_answers_nothing():
    for asked, frame in FOREIGN:
        assert rtu.find_answer(frame, len(frame), asked) < 0, (asked, frame)
"""


def recorded(kind: str) -> list[bytes]:
    text = (SHARED_DATA / "modbus" / "modbus_rtu_frames.json").read_text()
    return [bytes.fromhex(each["hex"]) for each in json.loads(text)[kind]]


def is_request(frame: bytes) -> bool:
    return len(frame) == 8 and frame[1] in READS


def is_answer(frame: bytes) -> bool:
    return frame[1] in READS and len(frame) == 5 + frame[2]


def fits(request: bytes, frame: bytes) -> bool:
    """Whether slave, function and length are right, whatever register was asked for."""
    return is_answer(frame) and frame[:3] == request[:2] + bytes((2 * request[5],))


def request_for(answer: bytes) -> bytes:
    """What must have been asked; the register is not known and does not matter."""
    from lib import modbus_rtu as rtu

    request = bytearray(rtu.REQUEST_BYTES)
    rtu.build_request(request, answer[0], answer[1], 0, answer[2] // 2)
    return bytes(request)


@pytest.fixture(scope="module")
def source() -> str:
    """The plain test file with the frames in it."""
    frames, misprints = recorded("crc_ok"), recorded("crc_mismatch")
    requests = [frame for frame in frames if is_request(frame)]
    answers = [(request_for(frame), frame) for frame in frames if is_answer(frame)]
    refusals = [
        (asked, frame)
        for asked, frame in product(requests, frames)
        if len(frame) == 5 and frame[:2] == bytes((asked[0], asked[1] | 0x80))
    ]
    pairs = set(answers) | set(refusals)
    asked = [*requests, *(request for request, _ in answers)]
    data = {
        # 0 is a broadcast and 255 is reserved: the driver never asks them
        "REQUESTS": [frame for frame in requests if 1 <= frame[0] <= 248],
        "MISPRINTS": misprints,
        "ANSWERS": answers,
        "REFUSALS": refusals,
        "FOREIGN": [
            pair
            for pair in product(asked, [*frames, *misprints])
            if pair not in pairs and not fits(*pair)
        ],
    }
    assert all(data.values()), "a kind of frame is missing: the test would prove nothing"
    return PLAIN + "\n".join(f"{name} = {value!r}" for name, value in data.items())


@needs_shared_data
def test_recorded_frames(vm: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / "test_plain.py"
    path.write_text(source)
    names = [line[4:-3] for line in PLAIN.splitlines() if line.startswith("def test_")]
    if vm == "micropython":
        outcomes = vms.run_plain(path, names, heap_kib=1024)
        assert [outcomes[name].failure for name in names] == [None] * len(names)
        return
    plain: dict = {}
    exec(compile(source, str(path), "exec"), plain)
    for name in names:
        plain[name]()
