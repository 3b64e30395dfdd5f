"""The simulated meter at the wire, held to frames and facts of others, and to pymodbus."""

import json
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from host_sim.models.home import HOUR_US, SECOND_US
from host_sim.models.house import House
from host_sim.models.meters.eastron import MAX_COUNT, SDM630_TABLE
from host_sim.models.meters.supply import THREE_PHASES, Supply
from host_sim.models.meters.table import TableMeter, float32_words
from host_sim.models.modbus_slave import ModbusSlave, crc16, seal
from tests.sim import modbus_client
from tests.sim.shared_data import SHARED_DATA, needs_shared_data

START_S = 1_717_200_000  # 2024-06-01
NOON_US = (START_S + 86_400 + 12 * 3600) * SECOND_US


class Echo:
    """Register n holds n, up to a last one."""

    def __init__(self, end: int = 100) -> None:
        self.end = end

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        return list(range(address, address + count)) if address + count <= self.end else None


def ask(slave: ModbusSlave, function: int, address: int, count: int, device: int = 1) -> ModbusPDU:
    return modbus_client.ask(slave, function, address, count, NOON_US, device)


def sdm630() -> tuple[House, TableMeter, ModbusSlave]:
    house = House(7, START_S)
    meter = TableMeter(SDM630_TABLE, house, 7)
    return house, meter, ModbusSlave(1, meter, MAX_COUNT)


def floats(slave: ModbusSlave, address: int, parameters: int) -> list[float]:
    words = ask(slave, 4, address, 2 * parameters).registers
    return list(struct.unpack(f">{parameters}f", struct.pack(f">{2 * parameters}H", *words)))


@given(st.integers(0, 99), st.integers(1, 100), st.sampled_from((3, 4)), st.integers(1, 247))
@settings(deadline=None)
def test_pymodbus_reads_what_the_registers_hold(address, count, function, device):
    reply = ask(ModbusSlave(device, Echo()), function, address, count, device)
    if address + count <= 100:
        assert reply.registers == list(range(address, address + count))
    else:
        assert isinstance(reply, ExceptionResponse)
        assert reply.exception_code == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bytes([1, 6, 0, 0, 0, 1]), 1),  # a write
        (bytes([1, 0x2B, 14, 1, 0]), 1),  # of another length: still an answer
        (bytes([1, 4, 0, 0, 0, 0]), 3),
        (bytes([1, 4, 0, 0, 0, 126]), 3),
        (bytes([1, 4, 0xFF, 0xFF, 0, 2]), 2),
    ],
)
def test_what_it_can_not_do_is_an_exception_with_the_right_code(body, code):
    reply = ModbusSlave(1, Echo(end=1 << 20)).answer(seal(body), 0)
    assert reply == seal(bytes([1, body[1] | 0x80, code]))


@given(st.integers(0, 63))
@settings(deadline=None)
def test_a_frame_with_any_bit_flipped_gets_no_answer(bit):
    frame = bytearray(seal(bytes([1, 4, 0, 10, 0, 2])))
    assert ModbusSlave(1, Echo()).answer(bytes(frame), 0) is not None
    frame[bit // 8] ^= 1 << bit % 8
    assert ModbusSlave(1, Echo()).answer(bytes(frame), 0) is None


@pytest.mark.parametrize("length", range(8))
def test_a_truncated_frame_gets_no_answer(length):
    assert ModbusSlave(1, Echo()).answer(seal(bytes([1, 4, 0, 10, 0, 2]))[:length], 0) is None


@pytest.mark.parametrize("address", [0, 2, 247])
def test_broadcasts_and_requests_to_others_get_no_answer(address):
    assert ModbusSlave(1, Echo()).answer(seal(bytes([address, 4, 0, 10, 0, 2])), 0) is None


@needs_shared_data
def test_the_crc_agrees_with_frames_that_others_captured():
    frames = json.loads((SHARED_DATA / "modbus" / "modbus_rtu_frames.json").read_text())
    assert len(frames["crc_ok"]) > 20
    for good in frames["crc_ok"]:
        assert crc16(bytes.fromhex(good["hex"])) == 0, good
    for bad in frames["crc_mismatch"]:
        frame = bytes.fromhex(bad["hex"])
        assert seal(frame[:-2])[-2:] == bytes.fromhex(bad["crc_computed"])
        assert ModbusSlave(1, Echo()).answer(frame, 0) is None


def test_a_captured_request_for_the_energy_registers_gets_eight_bytes():
    _, _, slave = sdm630()
    reply = slave.answer(bytes.fromhex("01 04 00 48 00 04 71 df"), NOON_US)
    assert reply is not None
    assert reply[:3] == bytes([1, 4, 8])


def test_a_float_goes_out_high_word_first():
    # Eastron's documents print a reading of 230.2 V as 43 66 33 34.
    (volts,) = struct.unpack(">f", bytes.fromhex("43 66 33 34"))
    assert volts == pytest.approx(230.2)
    assert float32_words(volts) == [0x4366, 0x3334]


def test_the_phases_add_up_to_the_whole():
    house, meter, slave = sdm630()
    watts = floats(slave, 0x000C, 3)
    (total_w,) = floats(slave, 0x0034, 1)
    assert total_w == house.power_w(NOON_US) != 0
    assert sum(watts) == pytest.approx(total_w)
    assert len(set(watts)) == 3
    energies = floats(slave, 0x015A, 6)
    imported, exported = floats(slave, 0x0048, 2)
    assert sum(energies[:3]) == pytest.approx(imported, abs=1e-3)
    assert sum(energies[3:]) == pytest.approx(exported, abs=1e-3)
    (total,) = floats(slave, 0x0156, 1)
    assert total == pytest.approx(imported + exported, abs=1e-3)
    assert round(imported * 1000) == meter.import_wh(NOON_US)


@given(st.integers(0, 10**7), st.integers(0, 20))
@settings(deadline=None)
def test_no_phase_register_ever_falls(total_wh, more_wh):
    supply = Supply(House(7, START_S), THREE_PHASES, random.Random(7))
    for phase in supply.phases:
        assert supply.share_wh(total_wh, phase) <= supply.share_wh(total_wh + more_wh, phase)
    assert sum(supply.share_wh(total_wh, phase) for phase in supply.phases) == total_wh


@given(st.integers(0, 16_383_999))
@settings(deadline=None)
def test_float32_keeps_every_wh_apart(wh):
    # The firmware must get integers back: below 16 384 kWh rounding gives the very Wh.
    high, low = float32_words(wh / 1000)
    (kwh,) = struct.unpack(">f", struct.pack(">HH", high, low))
    assert round(kwh * 1000) == wh


def test_registers_start_at_their_opening_and_follow_the_home():
    house = House(7, START_S)
    meter = TableMeter(SDM630_TABLE, house, 7, 1_234_567, 0)
    assert meter.import_wh(START_S * SECOND_US) == 1_234_567
    for hours in range(0, 96, 7):
        t_us = START_S * SECOND_US + hours * HOUR_US
        used_wh = house.energy_wh("electricity_delivered", t_us)
        assert meter.import_wh(t_us) - 1_234_567 == used_wh
    with pytest.raises(ValueError, match="opening register 8000000 Wh"):
        TableMeter(SDM630_TABLE, house, 7, opening_import_wh=8_000_000)


@pytest.mark.parametrize(
    ("function", "address", "count", "code"),
    [
        (4, 0, 82, 3),  # more than 40 parameters
        (4, 1, 2, 2),  # half of one parameter and half of the next
        (4, 0, 3, 2),
        (4, 0x0188, 2, 2),  # behind the table
        (3, 0, 2, 2),  # no holding registers
    ],
)
def test_reads_the_sdm630_refuses(function, address, count, code):
    _, _, slave = sdm630()
    reply = ask(slave, function, address, count)
    assert isinstance(reply, ExceptionResponse)
    assert reply.exception_code == code


def test_a_whole_block_reads_at_once_with_zero_where_nothing_is():
    _, _, slave = sdm630()
    values = floats(slave, 0, 40)
    assert values[0x0034 // 2] != 0
    assert values[0x0018 // 2] == 0.0  # reactive power, not modelled


def test_the_turnaround_is_drawn_once_per_device():
    turnarounds = {ModbusSlave(address, Echo()).turnaround_us for address in range(1, 50)}
    assert len(turnarounds) > 40
    assert all(5_000 <= turnaround_us <= 20_000 for turnaround_us in turnarounds)
    assert ModbusSlave(9, Echo()).turnaround_us == ModbusSlave(9, Echo()).turnaround_us
