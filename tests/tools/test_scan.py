"""A scan of the simulated line and of a pymodbus server: who is there, what, and what it shows."""

import struct

import pytest

from host_sim.meter_terminal import MeterTerminal, factory_fresh
from host_sim.models.house import House
from host_sim.models.line_settings import LineSettings
from host_sim.models.meters import METERS
from host_sim.models.modbus_slave import ModbusSlave
from tests.integration.test_modbus_terminal import served
from tests.tools.scan_run import FEW, Outcome, Scripted, bridged, line_of, scan, slave

SEED = 7
START_S = 1_717_200_000  # 2024-06-01
NOON_US = (START_S + 12 * 3600) * 1_000_000
ADDRESS_OF = {name: address for address, name in enumerate(METERS, 1)}
HOUSE = House(SEED, START_S)


def floats(*values: float) -> list[int]:
    """As registers, high word first."""
    return list(struct.unpack(f">{2 * len(values)}H", struct.pack(f">{len(values)}f", *values)))


@pytest.fixture(scope="module")
def fresh() -> Outcome:
    """A meter of each kind as it leaves the factory."""
    with MeterTerminal(factory_fresh(SEED, START_S), lambda: NOON_US) as terminal:
        return scan(terminal.path, "--quick", "--addresses", "1-7")


def test_every_meter_is_found_at_its_settings_and_no_other(fresh: Outcome) -> None:
    assert fresh.status == 0
    expected = {ADDRESS_OF[name]: model.settings for name, model in METERS.items()}
    found = {
        address: LineSettings(each["baud_bps"], each["parity"], each["stop_bits"])
        for address, each in fresh.meters.items()
    }
    assert found == expected
    assert all(each["steady"] for each in fresh.meters.values())
    assert "damaged" not in fresh.errors


@pytest.mark.parametrize("name", ["sdm120", "sdm630", "sdm72d_m_v2", "iem3155"])
def test_a_nameplate_tells_model_and_serial_number(fresh: Outcome, name: str) -> None:
    meter = fresh.meters[ADDRESS_OF[name]]
    assert meter["certain"]
    assert meter["profile"] == name
    assert meter["serial"] == 10_000_000 + SEED + ADDRESS_OF[name]


@pytest.mark.parametrize("name", ["sdm230", "pzem016", "we514"])
def test_without_a_nameplate_the_best_profile_is_a_guess(fresh: Outcome, name: str) -> None:
    meter = fresh.meters[ADDRESS_OF[name]]
    assert not meter["certain"]
    assert meter["profile"] == name == meter["fits"][0]


def test_a_meter_at_odd_parity_of_which_two_profiles_are_equal() -> None:
    model = METERS["sdm630"]
    odd = LineSettings(9600, "O", 1)
    meter = ModbusSlave(8, model.make(HOUSE, 1), model.max_count, settings=odd)
    with MeterTerminal([meter], lambda: NOON_US) as terminal:
        options = ("--baud", "9600", "--format", "8N1,8E1,8O1", "--addresses", "8")
        options += ("--patience-ms", "500")  # the meter's program may have to wait for its turn
        found = scan(terminal.path, *options).meters[8]
    assert (found["baud_bps"], found["parity"], found["stop_bits"]) == (9600, "O", 1)
    # The same registers, and no nameplate: nobody can tell these two apart.
    assert found["fits"][:2] == ["sdm630", "sdm72d_m_v2"]
    assert not found["certain"]


@pytest.mark.parametrize("name", ["sdm120", "sdm230", "sdm630", "sdm72d_m_v2", "iem3155"])
def test_live_values_are_the_meters_own(fresh: Outcome, name: str) -> None:
    address = ADDRESS_OF[name]
    values = fresh.meters[address]["values"]
    meter = METERS[name].make(House(SEED, START_S), SEED + address)
    assert values["electricity_delivered"] == {"value": meter.import_wh(NOON_US), "unit": "Wh"}
    assert values["electricity_received"]["value"] == meter.export_wh(NOON_US)
    assert values["power_w"] == {"value": HOUSE.power_w(NOON_US), "unit": "W"}
    assert 2260 < values["voltage_l1_dv"]["value"] < 2340
    assert 0 <= fresh.meters[address]["age_s"] < 60
    assert fresh.meters[address]["crc_errors"] == fresh.meters[address]["timeouts"] == 0


def three_phases(*volts: float) -> list[tuple[int, list[int]]]:
    """What an SDM630 has where its profile reads, and its nameplate."""
    rest = [300.0, *[0.0] * 8, 50.0, 4321.9, 12.5]
    plate = [0x0098, 0x9680, 0x0070]
    return [(0, floats(*volts, *[1.5] * 3, *[100.0] * 3)), (52, floats(*rest)), (0xFC00, plate)]


def test_pymodbus_is_found_and_read() -> None:
    with served(three_phases(230.5, 231.5, 232.5)) as terminal, bridged(terminal) as port:
        meter = scan(port, *FEW, "--addresses", "1").meters[1]
    assert (meter["profile"], meter["certain"], meter["serial"]) == ("sdm630", True, 10_000_000)
    assert meter["values"]["electricity_delivered"] == {"value": 4_321_900, "unit": "Wh"}
    assert meter["values"]["voltage_l3_dv"] == {"value": 2325, "unit": "dV"}


def test_a_phase_that_is_not_connected_is_no_reason_to_doubt() -> None:
    voltages, rest, _ = three_phases(230.0, 231.0, 0.0)
    registers = Scripted({(4, first): words for first, words in (voltages, rest)})
    with line_of(slave(1, registers)) as terminal:
        meter = scan(terminal.path, *FEW, "--addresses", "1").meters[1]
    assert meter["fits"][:2] == ["sdm630", "sdm72d_m_v2"]


@pytest.mark.parametrize(
    ("volts", "hertz", "kwh"),
    [(1725.4, 50.0, 1.0), (230.0, 0.0, 1.0), (230.0, 50.0, float("nan")), (2.0, 50.0, 1.0)],
)
def test_a_profile_with_values_that_cannot_be_does_not_fit(
    volts: float, hertz: float, kwh: float
) -> None:
    registers = Scripted({(4, 0): floats(volts, *[0.0] * 17), (4, 70): floats(hertz, kwh, 0.0)})
    with line_of(slave(1, registers)) as terminal:
        meter = scan(terminal.path, *FEW, "--addresses", "1").meters[1]
    assert meter["fits"] == []
    assert meter["profile"] is None and meter["values"] == {}


def test_a_technicians_own_profile_joins(tmp_path) -> None:
    lines = ["model Ours", "source a nameplate", "serial 9600 8N1 1"]
    lines += [
        "rating 23000",
        "words high first",
        "block 10 0",
        "read voltage_l1_dv 3 500 uint16 1 dV",
    ]
    (tmp_path / "ours.txt").write_text("\n".join(lines))
    with line_of(slave(1, Scripted({(3, 500): [2345]}))) as terminal:
        found = scan(terminal.path, *FEW, "--addresses", "1", "--profiles", str(tmp_path))
    assert found.meters[1]["fits"] == ["ours"]
    assert found.meters[1]["values"]["voltage_l1_dv"] == {"value": 2345, "unit": "dV"}
