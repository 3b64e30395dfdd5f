"""What some meters tell of themselves, beside what they measure: model and serial number.

Eastron's holding registers: 0xFC00 serial number (uint32; SDM630-Modbus manual, 464513), 0xFC02
meter code (0x0020 and 0x0070: a Home Assistant integration "eastron_modbus"; 0x0089:
christian1980nrw/VenusOS-SDM72D-M-V2-Eastron-Modbus-driver). Nobody tells the code of an SDM230, so
it has none here. Schneider's, printed numbers: 50 meter model (20 registers of UTF-8), 130 serial
number (iEM3400/iEM3500 user manual, Modbus register list).
"""

from host_sim.models.meters.meter import Meter
from host_sim.models.modbus_slave import READ_HOLDING

_EASTRON_CODES = {"sdm120": 0x0020, "sdm630": 0x0070, "sdm72d_m_v2": 0x0089}
_SCHNEIDER = b"iEM3155".ljust(40, b"\0")


class NamedMeter:
    """A register source: the registers of `meter`, and the nameplate of its kind in front."""

    def __init__(self, name: str, meter: Meter, serial: int) -> None:
        self._meter = meter
        self._plate: dict[int, list[int]] = {}
        if name in _EASTRON_CODES:
            self._plate = {0xFC00: [*divmod(serial, 1 << 16)], 0xFC02: [_EASTRON_CODES[name]]}
        elif name == "iem3155":
            pairs = zip(_SCHNEIDER[::2], _SCHNEIDER[1::2], strict=True)
            self._plate = {
                50 - 1: [high << 8 | low for high, low in pairs],
                130 - 1: [*divmod(serial, 1 << 16)],
            }

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        """The nameplate is read whole entries at a time."""
        entry = self._plate.get(address) if function == READ_HOLDING else None
        if entry is not None and len(entry) == count:
            return list(entry)
        return self._meter(function, address, count, t_us)
