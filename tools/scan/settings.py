"""How a line is spoken: speed, parity, stop bits; as people write it, 9600 8N1."""

import re
from typing import NamedTuple

# What meters are delivered with or can be set to, the usual first.
BAUDS_BPS = (9600, 19200, 2400, 4800, 38400, 115200)
ALL_BAUDS_BPS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
# The last finds only meters that insist on a second stop bit: all others answer to 8N1 already.
FORMATS = ("8N1", "8E1", "8O1", "8N2")

# Above 19200 bit/s the silence between frames no longer shrinks (Modbus over serial line V1.02,
# 2.5.1.1).
_SILENCE_S = 0.00175


class Settings(NamedTuple):
    """`parity` is "N", "E" or "O"; always eight data bits."""

    baud_bps: int
    parity: str
    stop_bits: int

    def __str__(self) -> str:
        return f"{self.baud_bps} {self.format}"

    @property
    def format(self) -> str:
        """As in 8N1."""
        return f"8{self.parity}{self.stop_bits}"

    @property
    def character_s(self) -> float:
        """Seconds on the wire: start bit, data, parity bit if any, stop bits."""
        return (9 + (self.parity != "N") + self.stop_bits) / self.baud_bps

    @property
    def silence_s(self) -> float:
        """What must lie between two frames."""
        return _SILENCE_S if self.baud_bps > 19200 else 3.5 * self.character_s


def parse_format(text: str) -> tuple[str, int]:
    """Parity and stop bits of "8N1"; ValueError tells what would be right."""
    match = re.fullmatch(r"8([NEO])([12])", text.upper())
    if not match:
        raise ValueError(f"{text!r} is none of 8N1, 8E1, 8O1, 8N2, 8E2, 8O2")
    return match[1], int(match[2])
