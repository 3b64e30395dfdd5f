"""The energy registers of one meter: exact integers that began somewhere and follow the home."""

import random
from typing import NamedTuple

from host_sim.models.home import Home

# Where registers begin when nobody says: a meter some months to years old, of any kind.
_LOWEST_DRAWN_WH = 100_000
_HIGHEST_DRAWN_WH = 7_999_999


class DialPlate(NamedTuple):
    """What a kind of meter can show.

    directional: delivered and received energy have registers of their own; without, one register
        counts both.
    step_wh: what the register's last digit is worth.
    wrap_wh: where it starts again from zero; None: nobody will live to see it.
    opening_end_wh: up to where it can be read exactly for years to come.
    """

    directional: bool = True
    step_wh: int = 1
    wrap_wh: int | None = None
    opening_end_wh: int = 1 << 62


class Dials:
    """The registers of one meter. `opening_import_wh` and `opening_export_wh`: where they stood
    when the home began; drawn where not given.
    """

    def __init__(
        self,
        plate: DialPlate,
        home: Home,
        rng: random.Random,
        opening_import_wh: int | None = None,
        opening_export_wh: int | None = None,
    ) -> None:
        self._plate = plate
        self._home = home
        given = (opening_import_wh, opening_export_wh)
        drawn = [rng.randint(_LOWEST_DRAWN_WH, _HIGHEST_DRAWN_WH) for _ in given]
        self._openings = [d if g is None else g for g, d in zip(given, drawn, strict=True)]
        for opening_wh in self._openings:
            if not 0 <= opening_wh < plate.opening_end_wh:
                raise ValueError(
                    f"opening register {opening_wh} Wh is outside 0 to {plate.opening_end_wh - 1}"
                )

    def import_wh(self, t_us: int) -> int:
        """What the register of delivered energy shows; of all energy, if that is the only one."""
        flown_wh = self._home.energy_wh("electricity_delivered", t_us)
        if not self._plate.directional:
            flown_wh += self._home.energy_wh("electricity_received", t_us)
        return self._shown(self._openings[0] + flown_wh)

    def export_wh(self, t_us: int) -> int | None:
        """What the register of received energy shows; None where the meter has none."""
        if not self._plate.directional:
            return None
        return self._shown(self._openings[1] + self._home.energy_wh("electricity_received", t_us))

    def total_wh(self, t_us: int) -> int:
        """Delivered and received energy together."""
        return self.import_wh(t_us) + (self.export_wh(t_us) or 0)

    def _shown(self, total_wh: int) -> int:
        if self._plate.wrap_wh is not None:
            total_wh %= self._plate.wrap_wh
        return total_wh - total_wh % self._plate.step_wh
