"""Schneider Electric's iEM3155 (and iEM3255, iEM3355): holding registers, high word first.

Source: Schneider's manual DOCA0005EN, which counts registers from 1: the address on the wire is
the printed number - 1, and the table below has the printed ones. Energy is int64 in Wh, power
float32 in kW: two scales on one meter. A register that is not listed gets exception 2.
"""

from functools import partial

from host_sim.models.line_settings import LineSettings
from host_sim.models.meters.dials import DialPlate
from host_sim.models.meters.meter import MeterModel
from host_sim.models.meters.supply import THREE_PHASES
from host_sim.models.meters.table import Register, Table, TableMeter
from host_sim.models.modbus_slave import PROTOCOL_MAX_COUNT, READ_HOLDING

_PRINTED = (
    Register(3000, "current_l1", "float32"),
    Register(3002, "current_l2", "float32"),
    Register(3004, "current_l3", "float32"),
    Register(3028, "voltage_l1", "float32"),
    Register(3030, "voltage_l2", "float32"),
    Register(3032, "voltage_l3", "float32"),
    Register(3054, "power_l1", "float32", den=1000),
    Register(3056, "power_l2", "float32", den=1000),
    Register(3058, "power_l3", "float32", den=1000),
    Register(3060, "power", "float32", den=1000),
    Register(3110, "frequency", "float32"),
    Register(3204, "import_energy", "int64"),
    Register(3208, "export_energy", "int64"),
    Register(3518, "import_energy_l1", "int64"),
    Register(45100, "import_energy", "float32"),  # Wh, says the manual (p. 61); others read kWh
)

IEM3155_TABLE = Table(
    "iem3155",
    READ_HOLDING,
    tuple(each._replace(address=each.address - 1) for each in _PRINTED),
    THREE_PHASES,
    DialPlate(),
)
IEM3155 = MeterModel(
    "Schneider iEM3155",
    LineSettings(19200, "E", 1),
    PROTOCOL_MAX_COUNT,
    partial(TableMeter, IEM3155_TABLE),
)
