"""Orno's OR-WE-514: holding registers, high word first.

Sources: ORNO's register description OR-WE-514&OR-WE-515.pdf, volkszaehler/mbmd
meters/rs485/orno1p.go. Its energy register is a total, of both directions, in steps of 10 Wh;
there is none for received energy. Power is signed (the document's LONG). Between the documented
registers lie others that nobody reads: they get exception 2.
"""

from functools import partial

from host_sim.models.line_settings import LineSettings
from host_sim.models.meters.dials import DialPlate
from host_sim.models.meters.meter import MeterModel
from host_sim.models.meters.supply import ONE_PHASE
from host_sim.models.meters.table import Register, Table, TableMeter
from host_sim.models.modbus_slave import PROTOCOL_MAX_COUNT, READ_HOLDING

_STEP_WH = 10
_REGISTERS = (
    Register(0x0130, "frequency", "uint16", num=100),
    Register(0x0131, "voltage_l1", "uint16", num=100),
    Register(0x0139, "current_l1", "uint32", num=1000),
    Register(0x0140, "power", "int32"),
    Register(0x0158, "power_factor", "int16", num=1000),
    Register(0xA000, "total_energy", "uint32", den=_STEP_WH),
    Register(0xA002, "total_energy", "uint32", den=_STEP_WH),  # tariff 1: the only one it knows
    Register(0xA01E, "nothing", "uint32"),  # reactive
)

WE514_TABLE = Table(
    "we514",
    READ_HOLDING,
    _REGISTERS,
    ONE_PHASE,
    DialPlate(directional=False, step_wh=_STEP_WH, opening_end_wh=_STEP_WH << 32),
)
WE514 = MeterModel(
    "Orno OR-WE-514",
    LineSettings(9600, "E", 1),
    PROTOCOL_MAX_COUNT,
    partial(TableMeter, WE514_TABLE),
)
