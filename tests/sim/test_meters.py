"""The simulated meters, held to the collected facts, with pymodbus as the client."""

import math
from typing import Any

import pytest
from pymodbus.pdu import ExceptionResponse

from host_sim.models.home import SECOND_US
from host_sim.models.house import House
from host_sim.models.meters import METERS, Meter
from host_sim.models.meters.orno import WE514_TABLE
from host_sim.models.meters.peacefair import PZEM016_TABLE
from host_sim.models.meters.schneider import IEM3155_TABLE
from host_sim.models.meters.table import TableMeter
from host_sim.models.modbus_slave import ModbusSlave, seal
from tests.sim.meter_facts import facts_of
from tests.sim.modbus_client import ask, decoded
from tests.sim.shared_data import needs_shared_data

START_S = 1_717_200_000  # 2024-06-01
NOON_US = (START_S + 86_400 + 12 * 3600) * SECOND_US  # the roof makes more than the house needs
NIGHT_US = NOON_US + 10 * 3600 * SECOND_US
SDMS = ("sdm120", "sdm230", "sdm630", "sdm72d_m_v2")
TENTHS = {"l1": 5, "l2": 3, "l3": 2}  # the share of each phase


def slave_of(name: str, house: House) -> tuple[Meter, ModbusSlave]:
    model = METERS[name]
    meter = model.make(house, 7)
    return meter, ModbusSlave(1, meter, model.max_count)


def read(slave: ModbusSlave, register: dict[str, Any], low_first: bool, t_us: int) -> float:
    """One register of the facts in its unit, by pymodbus."""
    reply = ask(slave, register["function_code"], register["address"], register["count"], t_us)
    assert not isinstance(reply, ExceptionResponse), register["quantity"]
    return decoded(reply.registers, register["type"], low_first) * register["scale"]


def expected_wh(quantity: str, meter: Meter, t_us: int) -> float:
    import_wh, export_wh = meter.import_wh(t_us), meter.export_wh(t_us) or 0
    name, _, phase = quantity.partition("_energy")
    of_all_wh = {
        "import": import_wh,
        "export": export_wh,
        "total": import_wh + export_wh,
        "tariff1": import_wh,
        "net": import_wh - export_wh,
    }[name]
    return of_all_wh * TENTHS.get(phase.strip("_"), 10) / 10


def expected_w(name: str, quantity: str, power_w: int) -> float:
    if quantity in ("import_power", "export_power"):
        return max(0, power_w if quantity == "import_power" else -power_w)
    share = 10 if name in ("sdm120", "sdm230") else TENTHS.get(quantity[-2:], 10)
    unsigned = name == "pzem016" or quantity.startswith(("apparent", "current"))
    return (abs(power_w) if unsigned else power_w) * share / 10


def agrees(name: str, register: dict[str, Any], value: float, meter: Meter, t_us: int) -> bool:
    """Whether `value` is what the meter should have said."""
    quantity, unit = register["quantity"], register["unit"]
    watts = expected_w(name, quantity, House(7, START_S).power_w(t_us))
    if quantity == "import_energy_float":
        return value * 1000 == pytest.approx(meter.import_wh(t_us), rel=1e-7)
    if unit == "kWh":
        # the sum of two floats is known to a Wh, and the share of a phase may be half of one
        off_wh = 0 if quantity in ("import_energy", "export_energy") else 1
        return abs(round(value * 1000) - expected_wh(quantity, meter, t_us)) <= off_wh
    if unit == "A":
        return value == pytest.approx(watts / 230, rel=0.02)
    if unit in ("W", "VA"):
        return value == pytest.approx(watts, rel=1e-6)
    low, high = {"V": (226, 234), "Hz": (49.9, 50.1)}.get(unit, (0, 0))
    return low <= value <= high if "power_factor" not in quantity else value == 1


@needs_shared_data
@pytest.mark.parametrize("t_us", [NOON_US, NIGHT_US], ids=["exporting", "importing"])
@pytest.mark.parametrize("name", METERS)
def test_every_register_of_the_facts_says_what_the_home_does(name: str, t_us: int) -> None:
    house = House(7, START_S)
    assert (house.power_w(t_us) < 0) == (t_us == NOON_US)
    meter, slave = slave_of(name, house)
    facts = facts_of(name)
    for register in facts["registers"]:
        value = read(slave, register, facts["word_order"].startswith("LOW"), t_us)
        assert agrees(name, register, value, meter, t_us), (register["quantity"], value)
    settings = METERS[name].settings
    assert f"{settings.baud_bps} 8{settings.parity}{settings.stop_bits}" in facts["serial"]
    has_export = any(each["quantity"] == "export_energy" for each in facts["registers"])
    assert (meter.export_wh(t_us) is not None) == has_export


@pytest.mark.parametrize("name", SDMS)
@pytest.mark.parametrize(
    ("function", "address", "count", "code"),
    [
        (4, 0, 82, 3),  # more than 40 parameters
        (4, 1, 2, 2),  # half of one parameter and half of the next
        (4, 0, 3, 2),
        (3, 0, 2, 2),  # no holding registers
        (4, 0x0600, 2, 2),  # behind the table
    ],
)
def test_reads_that_an_sdm_refuses(name: str, function: int, address: int, count: int, code: int):
    reply = ask(slave_of(name, House(7, START_S))[1], function, address, count, NOON_US)
    assert isinstance(reply, ExceptionResponse)
    assert reply.exception_code == code


@pytest.mark.parametrize(
    ("name", "function", "address", "count", "code"),
    [
        ("iem3155", 4, 3203, 4, 2),
        ("iem3155", 3, 3005, 2, 2),  # nothing is documented there
        ("iem3155", 3, 3209, 4, 2),  # begins inside the table and leaves it
        ("pzem016", 4, 9, 2, 2),
        ("pzem016", 4, 0, 11, 3),
        ("pzem016", 3, 0, 10, 2),
        ("we514", 3, 0x0130, 18, 2),  # across what is not documented
        ("we514", 4, 0xA000, 2, 2),
    ],
)
def test_reads_that_the_others_refuse(
    name: str, function: int, address: int, count: int, code: int
) -> None:
    reply = ask(slave_of(name, House(7, START_S))[1], function, address, count, NOON_US)
    assert isinstance(reply, ExceptionResponse)
    assert reply.exception_code == code


def test_a_pzem_writes_what_a_real_one_wrote() -> None:
    # A captured reply (in the sources of esphome and Tasmota): 225.7 V, 0.108 A, 24.4 W, 38 Wh,
    # 50.0 Hz, power factor 1, no alarm; the low word first.
    captured = "01 04 14 08d1 006c 0000 00f4 0000 0026 0000 01f4 0064 0000 5134"
    values = (225.7, 0.108, 24.4, 38, 50.0, 1, 0)
    words: list[int] = []
    for register, value in zip(PZEM016_TABLE.registers, values, strict=True):
        words += register.words(value, PZEM016_TABLE.low_first)
    body = bytes([1, 4, 20]) + b"".join(word.to_bytes(2, "big") for word in words)
    assert seal(body) == bytes.fromhex(captured)


def test_a_full_pzem_begins_again_at_zero() -> None:
    house = House(7, START_S)
    meter = TableMeter(PZEM016_TABLE, house, 7, opening_import_wh=(1 << 32) - 5)
    assert meter.import_wh(START_S * SECOND_US) == (1 << 32) - 5
    both_wh = sum(
        house.energy_wh(f"electricity_{way}", NOON_US) for way in ("delivered", "received")
    )
    assert meter.import_wh(NOON_US) == both_wh - 5 > 0
    reply = ask(ModbusSlave(1, meter, 10), 4, 5, 2, NOON_US)
    assert decoded(reply.registers, "uint32", low_first=True) == both_wh - 5


def test_an_iem3155_shows_more_than_32_bits() -> None:
    meter = TableMeter(IEM3155_TABLE, House(7, START_S), 7, 5_000_000_000, 0)
    reply = ask(ModbusSlave(1, meter), 3, 3203, 4, NOON_US)
    assert decoded(reply.registers, "int64", low_first=False) == meter.import_wh(NOON_US)
    assert meter.import_wh(NOON_US) > 5_000_000_000


def test_a_we514_shows_whole_steps_and_loses_nothing() -> None:
    house = House(7, START_S)
    meter = TableMeter(WE514_TABLE, house, 7, opening_import_wh=1_234_567)
    for hours in range(48):
        t_us = (START_S + 3600 * hours) * SECOND_US
        both_wh = sum(
            house.energy_wh(f"electricity_{way}", t_us) for way in ("delivered", "received")
        )
        shown_wh = meter.import_wh(t_us)
        assert shown_wh == math.floor((1_234_567 + both_wh) / 10) * 10
        assert meter.export_wh(t_us) is None


@pytest.mark.parametrize("name", METERS)
def test_two_of_a_kind_are_two_and_one_stays_itself(name: str) -> None:
    house = House(7, START_S)
    make = METERS[name].make
    assert make(house, 1).import_wh(NOON_US) == make(house, 1).import_wh(NOON_US)
    assert make(house, 1).import_wh(NOON_US) != make(house, 2).import_wh(NOON_US)
