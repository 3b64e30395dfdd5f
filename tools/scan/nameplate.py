"""Registers in which a meter tells its model or its serial number.

Eastron, holding registers (wire addresses; two words or one, high word first):
  0xFC00 serial number, uint32. Eastron SDM630-Modbus manual of B+G e-tech, "464513 Serial number
         FC 00, Length: 4 byte, Data Format: unsigned int32, ro"; nmakel/sdm_modbus, serial_number.
  0xFC02 meter code, uint16. The codes are in none of the manuals at hand, but others read them
         from their meters: 0x0020 SDM120 and 0x0070 SDM630 (a Home Assistant integration
         "eastron_modbus", const.py), 0x0087 and 0x0089 SDM72D-M v2
         (christian1980nrw/VenusOS-SDM72D-M-V2-Eastron-Modbus-driver, TWE_Eastron_SDM72D.py, 135
         and 137). Nobody tells that of an SDM230.
Schneider iEM3000, holding registers (manual's number - 1; UTF-8, two characters a register):
  0x0031 meter model, 20 registers; 0x0081 serial number, uint32. Schneider user manual of the
         iEM3400/iEM3500 series, Modbus register list, "System": 50 and 130; DOCA0005EN has the
         same numbers for the iEM3100 to iEM3300.
Peacefair's PZEM and Orno's OR-WE-514 have no such register.
"""

import re
from typing import NamedTuple

from tools.scan.station import NoReading, Station

_EASTRON_CODES = {0x0020: "sdm120", 0x0070: "sdm630", 0x0087: "sdm72d_m_v2", 0x0089: "sdm72d_m_v2"}
# With export registers; an iEM3150, iEM3250 or iEM3350 has none.
_SCHNEIDER = re.compile(r"iEM3[123]55", re.IGNORECASE)


class Nameplate(NamedTuple):
    """What a meter says of itself.

    `maker` is empty when it says nothing; `profile` None when no profile is known for its model.
    """

    maker: str = ""
    model: str = ""
    profile: str | None = None
    serial: int | None = None


def read_nameplate(station: Station) -> Nameplate:
    """Ask Eastron's registers, then Schneider's; a meter that has neither refuses both."""
    return _eastron(station) or _schneider(station) or Nameplate()


def _eastron(station: Station) -> Nameplate | None:
    code = _number(station, 0xFC02, 1)
    if code not in _EASTRON_CODES:
        # A serial number alone names nobody: other makers may have something else there.
        return None
    serial = _number(station, 0xFC00, 2)
    return Nameplate("Eastron", f"meter code {code:#06x}", _EASTRON_CODES[code], serial)


def _schneider(station: Station) -> Nameplate | None:
    try:
        text = station.words(3, 0x0031, 20)
    except NoReading:
        return None
    name = text.split(b"\0")[0].decode("ascii", "replace").strip()
    if not re.match(r"iEM\d", name, re.IGNORECASE):
        return None
    profile = "iem3155" if _SCHNEIDER.search(name) else None
    return Nameplate("Schneider", name, profile, _number(station, 0x0081, 2))


def _number(station: Station, register: int, count: int) -> int | None:
    """An unsigned number in holding registers, None when they cannot be read."""
    try:
        return int.from_bytes(station.words(3, register, count), "big")
    except NoReading:
        return None
