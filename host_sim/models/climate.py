"""Weather of a made-up place, from latitude and seed: temperature, and how clear days are."""

import math
import random

_DAYS_PER_YEAR = 365.2425
_COLDEST_DAY = 20  # around 20 January in the north


class Climate:
    """Days count from 1 January 1970 in local time; ask for any day, in any order."""

    def __init__(self, seed: int, latitude_deg: float) -> None:
        self._seed = seed
        self.latitude_deg = latitude_deg

    def season(self, day: int) -> float:
        """+1 in midwinter, -1 in midsummer, on either half of the earth."""
        winter = math.cos(math.tau * (day - _COLDEST_DAY) / _DAYS_PER_YEAR)
        return winter if self.latitude_deg >= 0 else -winter

    def mean_c(self, day: int) -> float:
        """The day's mean temperature: season, spells of some days, and the day itself."""
        yearly = 12.0 - 0.6 * (abs(self.latitude_deg) - 45)
        return (
            yearly
            - 9.5 * self.season(day)
            + 3.0 * self._smooth("spell", day / 4)
            + self._at("day", day)
        )

    def outdoor_c(self, day: int, hour: float) -> float:
        """The temperature at an hour of the day, warmest at four in the afternoon."""
        return self.mean_c(day) + 3.5 * math.sin(math.tau * (hour - 10) / 24)

    def clearness(self, day: int) -> float:
        """The share of clear-sky sunlight that gets through, 0.1 to 1; summers are clearer."""
        sky = 0.66 - 0.1 * self.season(day)
        sky += 0.2 * self._smooth("sky", day / 3) + 0.12 * self._at("cloud", day)
        return min(max(sky, 0.1), 1.0)

    def _smooth(self, what: str, position: float) -> float:
        """Noise without jumps, about -2 to 2: a random value at every whole position."""
        knot = math.floor(position)
        blend = (1 - math.cos(math.pi * (position - knot))) / 2
        return self._at(what, knot) * (1 - blend) + self._at(what, knot + 1) * blend

    def _at(self, what: str, knot: int) -> float:
        return random.Random(f"{what}/{self._seed}/{knot}").gauss(0, 1)
