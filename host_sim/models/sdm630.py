"""An Eastron SDM630 that meters a home: input registers of float32, high word first.

Addresses, types and units: Eastron "SDM630-Modbus protocol v2.0" (sdm630_modbus_protocol_v2.0.pdf,
input registers 30001 to 30357, function 4), the wire address being the printed number - 30001. The
same document restricts one request to 40 parameters: `MAX_COUNT`. A parameter is two registers; a
request that would cut one in half gets exception 2, and so does one that leaves the table. Inside
the table a parameter not modelled here reads 0.0.
"""

import math
import random
import struct
from collections.abc import Callable

from host_sim.models.home import Home
from host_sim.models.modbus_slave import READ_INPUT

MAX_COUNT = 80

# float32 has 24 significant bits: between 4 096 and 8 192 kWh its values lie 2^-11 kWh apart, up
# to 16 384 kWh 2^-10 kWh (0.98 Wh). Both are under 1 Wh, so every Wh reads as a value of its own
# and rounding gives it back; beyond, neighbouring Wh would melt into one. From below 8 000 kWh
# there are years to go.
_MAX_OPENING_WH = 7_999_999

_TABLE_END = 0x0188  # first register after the table
_TENTHS_OF_PHASE = (5, 3, 2)  # an unbalanced house, as they are
_PHASE_OF_TENTH = (0, 1, 0, 2, 0, 1, 0, 2, 0, 1)  # the same shares, Wh by Wh


class Sdm630:
    """The register source of one meter, for `ModbusSlave(address, meter, MAX_COUNT)`.

    `opening_import_wh` and `opening_export_wh`: what the registers showed when the home began;
    both are drawn from `seed` when not given.
    """

    def __init__(
        self,
        home: Home,
        seed: int,
        opening_import_wh: int | None = None,
        opening_export_wh: int | None = None,
    ) -> None:
        rng = random.Random(f"sdm630/{seed}")
        drawn_import_wh = rng.randint(100_000, _MAX_OPENING_WH)
        drawn_export_wh = rng.randint(100_000, _MAX_OPENING_WH)
        self.opening_import_wh = (
            drawn_import_wh if opening_import_wh is None else opening_import_wh
        )
        self.opening_export_wh = (
            drawn_export_wh if opening_export_wh is None else opening_export_wh
        )
        for opening_wh in (self.opening_import_wh, self.opening_export_wh):
            if not 0 <= opening_wh <= _MAX_OPENING_WH:
                raise ValueError(
                    f"opening register {opening_wh} Wh is outside 0 to {_MAX_OPENING_WH}"
                )
        self._home = home
        self._phases = [rng.uniform(0, math.tau) for _ in range(3)]
        self._parameters = self._table()

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        """All words of one reply come from one moment; None: the meter has no such registers."""
        if function != READ_INPUT or address % 2 or count % 2 or address + count > _TABLE_END:
            return None
        words = []
        for first in range(address, address + count, 2):
            parameter = self._parameters.get(first)
            words += float32_words(parameter(t_us)) if parameter else (0, 0)
        return words

    def import_wh(self, t_us: int) -> int:
        """The import register as an exact integer: what 0x0048 shows, in Wh."""
        return self.opening_import_wh + self._home.energy_wh("electricity_delivered", t_us)

    def export_wh(self, t_us: int) -> int:
        """The export register as an exact integer: what 0x004A shows, in Wh."""
        return self.opening_export_wh + self._home.energy_wh("electricity_received", t_us)

    def _table(self) -> dict[int, Callable[[int], float]]:
        table: dict[int, Callable[[int], float]] = {
            0x0034: self._home.power_w,
            0x003E: lambda t_us: 1.0,
            0x0046: self._frequency_hz,
            0x0048: lambda t_us: self.import_wh(t_us) / 1000,
            0x004A: lambda t_us: self.export_wh(t_us) / 1000,
            0x0156: lambda t_us: (self.import_wh(t_us) + self.export_wh(t_us)) / 1000,
        }
        for phase in range(3):
            table.update(self._phase_table(phase))
        return table

    def _phase_table(self, phase: int) -> dict[int, Callable[[int], float]]:
        """Each quantity of the three phases lies in three parameters in a row."""
        step = 2 * phase
        return {
            0x0000 + step: lambda t_us: self._voltage_v(phase, t_us),
            0x0006 + step: lambda t_us: (
                abs(self._power_w(phase, t_us)) / self._voltage_v(phase, t_us)
            ),
            0x000C + step: lambda t_us: self._power_w(phase, t_us),
            0x015A + step: lambda t_us: phase_share_wh(self.import_wh(t_us), phase) / 1000,
            0x0160 + step: lambda t_us: phase_share_wh(self.export_wh(t_us), phase) / 1000,
        }

    def _power_w(self, phase: int, t_us: int) -> float:
        return self._home.power_w(t_us) * _TENTHS_OF_PHASE[phase] / 10

    def _voltage_v(self, phase: int, t_us: int) -> float:
        """230 V that sags and rises over the day, each phase in its own time."""
        hours = t_us / 3_600_000_000
        slow = math.sin(math.tau * hours / 24 + self._phases[phase])
        quick = math.sin(math.tau * hours * 7 + 2 * self._phases[phase])
        return 230.0 + 2.5 * slow + 0.8 * quick

    def _frequency_hz(self, t_us: int) -> float:
        return 50.0 + 0.02 * math.sin(t_us / 97_000_000 + self._phases[0])


def phase_share_wh(total_wh: int, phase: int) -> int:
    """The part of a register that went through one phase; the three add up and none ever falls."""
    tens, rest = divmod(total_wh, 10)
    return tens * _TENTHS_OF_PHASE[phase] + _PHASE_OF_TENTH[:rest].count(phase)


def float32_words(value: float) -> tuple[int, int]:
    """The nearest float32, as two registers, high word first."""
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    return high, low
