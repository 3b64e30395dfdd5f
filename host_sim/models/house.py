"""The built-in house: three people, gas boiler, solar roof, a car; everything from one seed.

Any day can be told by itself: plan, weather and clouds of a day depend on the seed and its date
alone, so a house that starts on another day lives the same life. Habits follow local standard time
all year (`utc_offset_s`): people here do not change their clocks.
"""

import random
from typing import NamedTuple

from host_sim.models.appliances import day_of_load
from host_sim.models.climate import Climate
from host_sim.models.fixtures import day_of_draws
from host_sim.models.flow import Flow, flow_pulses, within
from host_sim.models.habits import Household
from host_sim.models.heating import day_of_heating, warm_water_gas
from host_sim.models.home import DAY_US, PULSE_WEIGHT, SECOND_US, DailyHome, Day
from host_sim.models.sun import SolarRoof


class DayProfile(NamedTuple):
    """What a house used and made in one local day, before any meter."""

    load_w: list[int]  # per minute
    solar_w: list[int]  # per minute
    water: list[Flow]  # L/h
    gas: list[Flow]  # dm3/h


class House(DailyHome):
    """A made-up home; `latitude_deg` (negative in the south) sets its sun and its climate."""

    def __init__(
        self,
        seed: int,
        start_s: int,
        latitude_deg: float = 45.0,
        utc_offset_s: int = 3600,
        solar_peak_w: int = 3500,
        leaks: tuple[Flow, ...] = (),
    ) -> None:
        """leaks: water that runs besides what is used, in unix microseconds."""
        self._seed = seed
        self._utc_offset_us = utc_offset_s * SECOND_US
        self._climate = Climate(seed, latitude_deg)
        self._roof = SolarRoof(self._climate, solar_peak_w)
        self._household = Household(seed)
        self._leaks = leaks
        super().__init__(f"house-{seed}", start_s, utc_offset_s)

    def profile(self, midnight_us: int) -> DayProfile:
        """The local day that begins at `midnight_us`."""
        day = (midnight_us + self._utc_offset_us) // DAY_US
        rng = random.Random(f"day/{self._seed}/{day}")
        plan = self._household.plan(day)
        draws = day_of_draws(plan, midnight_us, self._climate.mean_c(day), rng)
        heating = day_of_heating(plan, midnight_us, self._climate, day)
        return DayProfile(
            load_w=day_of_load(plan, self._roof.daylight(day), rng),
            solar_w=self._roof.minutes_w(day, rng),
            water=[draw.flow for draw in draws]
            + within(self._leaks, midnight_us, midnight_us + DAY_US),
            gas=heating + warm_water_gas(draws),
        )

    def build_day(self, midnight_us: int, carry: dict[str, int]) -> Day:
        """Net of load and roof in every minute: a house never imports and exports at once."""
        profile = self.profile(midnight_us)
        pulses: dict[str, list[int]] = {}
        left: dict[str, int] = {}
        for channel, flows in (("water", profile.water), ("gas", profile.gas)):
            weight = PULSE_WEIGHT[channel]
            pulses[channel], left[channel] = flow_pulses(flows, carry.get(channel, 0), weight)
        net_w = [load - solar for load, solar in zip(profile.load_w, profile.solar_w, strict=True)]
        return Day(net_w, pulses, left)
