"""Peacefair's PZEM-016 (and PZEM-014, PZEM-004T v3): ten input registers, low word first.

Sources: mandulaj/PZEM-004T-v30 src/PZEM004Tv30.cpp, esphome components/pzemac/pzemac.cpp, Tasmota
xnrg_05_pzem_ac.ino. The meter does not know directions: what a roof sends back counts like what is
drawn, and power has no sign. Energy is uint32 in Wh and starts again at zero when it is full.
"""

from functools import partial

from host_sim.models.line_settings import LineSettings
from host_sim.models.meters.dials import DialPlate
from host_sim.models.meters.meter import MeterModel
from host_sim.models.meters.supply import ONE_PHASE
from host_sim.models.meters.table import Register, Table, TableMeter
from host_sim.models.modbus_slave import READ_INPUT

_REGISTERS = (
    Register(0, "voltage_l1", "uint16", num=10),
    Register(1, "current_l1", "uint32", num=1000),
    Register(3, "power_magnitude", "uint32", num=10),
    Register(5, "import_energy", "uint32"),
    Register(7, "frequency", "uint16", num=10),
    Register(8, "power_factor", "uint16", num=100),
    Register(9, "nothing", "uint16"),  # the alarm; 0xFFFF when power is above its threshold
)

PZEM016_TABLE = Table(
    "pzem016",
    READ_INPUT,
    _REGISTERS,
    ONE_PHASE,
    DialPlate(directional=False, wrap_wh=1 << 32, opening_end_wh=1 << 32),
    low_first=True,
)
PZEM016 = MeterModel(
    "Peacefair PZEM-016", LineSettings(9600, "N", 1), 10, partial(TableMeter, PZEM016_TABLE)
)
