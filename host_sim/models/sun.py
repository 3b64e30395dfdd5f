"""A photovoltaic roof: clear-sky geometry by latitude and season, then clouds.

The panels face the equator at 30 degrees. The house stands on the middle meridian of its time
zone, so the sun is highest at 12:00 local time all year; the equation of time (16 minutes at most)
is left out.
"""

import math
import random
from typing import NamedTuple

from host_sim.models.climate import Climate
from host_sim.models.home import MINUTES_PER_DAY

_TILT_DEG = 30
_LOSSES = 0.84  # inverter, cables, heat, dust
_CLOUD_MINUTES = 10

_COS_HOUR_ANGLE = [
    math.cos(math.tau * (minute + 0.5 - MINUTES_PER_DAY / 2) / MINUTES_PER_DAY)
    for minute in range(MINUTES_PER_DAY)
]


class Daylight(NamedTuple):
    """Sunrise and sunset in minutes after local midnight."""

    rise: int
    set: int


class SolarRoof:
    """The panels of one house: `peak_w` watts under standard light."""

    def __init__(self, climate: Climate, peak_w: int) -> None:
        self._climate = climate
        self._peak_w = peak_w
        self._latitude = math.radians(abs(climate.latitude_deg))

    def daylight(self, day: int) -> Daylight:
        """When the sun is up; no house here is so far north that it never sets."""
        declination = self._declination(day)
        cosine = -math.tan(self._latitude) * math.tan(declination)
        half = math.acos(min(max(cosine, -1.0), 1.0)) / math.tau * MINUTES_PER_DAY
        return Daylight(int(MINUTES_PER_DAY / 2 - half), int(MINUTES_PER_DAY / 2 + half))

    def minutes_w(self, day: int, rng: random.Random) -> list[int]:
        """What the roof yields in each minute of a local day; `rng` moves that day's clouds."""
        clear_w = self._clear_sky_w(day)
        clearness = self._climate.clearness(day)
        restless = 1.2 * clearness * (1 - clearness)  # half-clouded days change most
        produced = []
        for start in range(0, MINUTES_PER_DAY, _CLOUD_MINUTES):
            passing = min(max(clearness + rng.uniform(-restless, restless), 0.05), 1.0)
            produced += [int(watts * passing) for watts in clear_w[start : start + _CLOUD_MINUTES]]
        return produced

    def _clear_sky_w(self, day: int) -> list[float]:
        declination = self._declination(day)
        height = math.sin(self._latitude) * math.sin(declination)
        swing = math.cos(self._latitude) * math.cos(declination)
        # A tilted panel sees the sun as a flat one would, that many degrees nearer to the equator.
        moved = self._latitude - math.radians(_TILT_DEG)
        panel_height = math.sin(moved) * math.sin(declination)
        panel_swing = math.cos(moved) * math.cos(declination)
        watts = [0.0] * MINUTES_PER_DAY
        rise, down = self.daylight(day)
        for minute in range(rise, down):
            cosine = _COS_HOUR_ANGLE[minute]
            sine_of_height = max(height + swing * cosine, 0.02)
            beam = 0.7 ** (sine_of_height**-0.678)  # air mass: Meinel's clear-sky formula
            onto_panel = max(panel_height + panel_swing * cosine, 0.0)
            watts[minute] = (
                self._peak_w * _LOSSES * (1.2 * beam * onto_panel + 0.08 * sine_of_height)
            )
        return watts

    def _declination(self, day: int) -> float:
        """The sun's height over the equator, positive in the house's own summer."""
        return math.radians(23.44) * -self._climate.season(
            day + 30
        )  # the sun is a month ahead of the cold
