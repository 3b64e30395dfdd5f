"""Eastron's SDM meters: input registers of float32, high word first, read with function 4.

Addresses, types and units: Eastron's protocol documents, the wire address being the printed number
- 30001: sdm120_modbus_protocol_v2.4.pdf, sdm230_modbus_protocol_v1.1.pdf,
sdm630_modbus_protocol_v2.0.pdf, sdm72d-m-v2-manual_v1.1.pdf. A parameter is two registers, one
request may ask for 40 of them, and a request that would cut one in half gets exception 2. Inside
its table a meter answers zero where it has no parameter (nmakel/sdm_modbus reads across such
places), and so does what is reactive, which is not modelled.
"""

from functools import partial

from host_sim.models.line_settings import LineSettings
from host_sim.models.meters.dials import DialPlate
from host_sim.models.meters.meter import MeterModel
from host_sim.models.meters.supply import ONE_PHASE, THREE_PHASES
from host_sim.models.meters.table import Register, Table, TableMeter
from host_sim.models.modbus_slave import READ_INPUT

MAX_COUNT = 80  # 40 parameters

# Up to 8 192 kWh neighbouring float32 values lie 2^-11 kWh apart, up to 16 384 kWh 2^-10 kWh (0.98
# Wh): every Wh reads as a value of its own and rounding gives it back; beyond, neighbouring Wh
# would melt into one. From below 8 000 kWh there are years to go.
_DIALS = DialPlate(opening_end_wh=8_000_000)


def _table(
    name: str, deal: tuple[int, ...], blank: tuple[range, ...], quantities: dict[int, str]
) -> Table:
    registers = tuple(
        Register(address, quantity, "float32", den=1000 if "energy" in quantity else 1)
        for address, quantity in quantities.items()
    )
    return Table(name, READ_INPUT, registers, deal, _DIALS, grain=2, blank=blank)


_OF_ALL = {
    0x0046: "frequency",
    0x0048: "import_energy",
    0x004A: "export_energy",
    0x0156: "total_energy",
}
_OF_ONE_PHASE = _OF_ALL | {
    0x0000: "voltage_l1",
    0x0006: "current_l1",
    0x000C: "power_l1",
    0x0012: "apparent_power_l1",
    0x001E: "power_factor",
}
_OF_THREE_PHASES = _OF_ALL | {
    0x0000: "voltage_l1",
    0x0002: "voltage_l2",
    0x0004: "voltage_l3",
    0x0006: "current_l1",
    0x0008: "current_l2",
    0x000A: "current_l3",
    0x000C: "power_l1",
    0x000E: "power_l2",
    0x0010: "power_l3",
    0x0034: "power",
    0x003E: "power_factor",
}

SDM120_TABLE = _table("sdm120", ONE_PHASE, (range(0x015A),), _OF_ONE_PHASE)
SDM230_TABLE = _table("sdm230", ONE_PHASE, (range(0x015A),), _OF_ONE_PHASE)
SDM630_TABLE = _table(
    "sdm630",
    THREE_PHASES,
    (range(0x0188),),
    _OF_THREE_PHASES
    | {
        0x015A: "import_energy_l1",
        0x015C: "import_energy_l2",
        0x015E: "import_energy_l3",
        0x0160: "export_energy_l1",
        0x0162: "export_energy_l2",
        0x0164: "export_energy_l3",
    },
)
SDM72D_M_V2_TABLE = _table(
    "sdm72d_m_v2",
    THREE_PHASES,
    (range(0x018E), range(0x0500, 0x0504)),
    _OF_THREE_PHASES | {0x018C: "net_energy", 0x0500: "import_power", 0x0502: "export_power"},
)

_9600_8N1 = LineSettings(9600, "N", 1)
SDM120 = MeterModel(
    "Eastron SDM120-Modbus",
    LineSettings(2400, "N", 1),
    MAX_COUNT,
    partial(TableMeter, SDM120_TABLE),
)
SDM230 = MeterModel(
    "Eastron SDM230-Modbus", _9600_8N1, MAX_COUNT, partial(TableMeter, SDM230_TABLE)
)
SDM630 = MeterModel(
    "Eastron SDM630-Modbus v2", _9600_8N1, MAX_COUNT, partial(TableMeter, SDM630_TABLE)
)
SDM72D_M_V2 = MeterModel(
    "Eastron SDM72D-M v2", _9600_8N1, MAX_COUNT, partial(TableMeter, SDM72D_M_V2_TABLE)
)
