"""Where water leaves a house: toilets, showers, taps, machines, the garden. One draw is one flow.

A leak, when there is one, is one more flow in the day's list: nothing else has to know.
"""

import random
from typing import NamedTuple

from host_sim.models.flow import Flow
from host_sim.models.habits import DayPlan, Resident
from host_sim.models.home import DAY_US, MINUTE_US, SECOND_US

_GARDEN_FROM_C = 19.0  # mean temperature from which the garden needs water


class Fixture(NamedTuple):
    """A place to draw water: flow, how long a draw lasts, how much of it is warm (38 deg C)."""

    l_per_min: float
    shortest_s: int
    longest_s: int
    warm_percent: int


class Draw(NamedTuple):
    """Water in L/h over a time, and its warm part, which the boiler has to heat."""

    flow: Flow
    warm_percent: int


TOILET = Fixture(8.0, 38, 45, 0)  # 5 to 6 L a flush
SHOWER = Fixture(8.5, 220, 480, 90)
BASIN = Fixture(4.5, 5, 35, 35)
KITCHEN_TAP = Fixture(6.0, 8, 55, 45)
WASHING_MACHINE = Fixture(9.0, 95, 105, 0)  # a fill
DISHWASHER = Fixture(4.0, 50, 65, 0)  # a fill
GARDEN = Fixture(13.0, 900, 1800, 0)

_LAUNDRY_FILLS_MIN = (2, 48, 66)  # minutes after the start: wash, two rinses
_DISHES_FILLS_MIN = (1, 40, 62)


class DayOfDraws:
    """Collects the draws of one local day; a draw still running at midnight stops there."""

    def __init__(self, midnight_us: int, rng: random.Random) -> None:
        self.draws: list[Draw] = []
        self._midnight_us = midnight_us
        self._rng = rng

    def draw(self, fixture: Fixture, minute: float) -> None:
        """Open `fixture` at a minute of the day for as long as it takes."""
        start_us = self._midnight_us + int(minute * MINUTE_US)
        lasts_us = self._rng.randint(fixture.shortest_s, fixture.longest_s) * SECOND_US
        end_us = min(start_us + lasts_us, self._midnight_us + DAY_US)
        flow = Flow(start_us, end_us, int(fixture.l_per_min * 60))
        self.draws.append(Draw(flow, fixture.warm_percent))


def day_of_draws(plan: DayPlan, midnight_us: int, mean_c: float, rng: random.Random) -> list[Draw]:
    """All the water of one day, in no particular order."""
    day = DayOfDraws(midnight_us, rng)
    for resident in plan.residents:
        _personal(day, resident, rng)
    for _ in range(rng.randint(5, 9)):
        day.draw(KITCHEN_TAP, plan.dinner + rng.uniform(-30, 75))
    day.draw(KITCHEN_TAP, plan.breakfast)
    for start, fills, machine in (
        (plan.laundry, _LAUNDRY_FILLS_MIN, WASHING_MACHINE),
        (plan.dishes, _DISHES_FILLS_MIN, DISHWASHER),
    ):
        if start is not None:
            for after in fills:
                day.draw(machine, start + after)
    if mean_c > _GARDEN_FROM_C and rng.random() < 0.45:
        day.draw(GARDEN, rng.uniform(1200, 1290))
    return day.draws


def _personal(day: DayOfDraws, resident: Resident, rng: random.Random) -> None:
    """What one person draws: on waking, before bed, and in between while at home."""
    day.draw(TOILET, resident.wake + rng.uniform(0, 6))
    if rng.random() < 0.7:
        day.draw(SHOWER, resident.wake + rng.uniform(6, 18))
    elif rng.random() < 0.4:
        day.draw(SHOWER, resident.bed - rng.uniform(20, 60))
    for _ in range(rng.randint(2, 4)):
        moment = resident.some_moment(rng)
        day.draw(TOILET, moment)
        day.draw(BASIN, moment + 1.5)
    for _ in range(rng.randint(3, 6)):
        day.draw(BASIN, resident.some_moment(rng))
    day.draw(TOILET, resident.bed - 5)
    day.draw(BASIN, resident.bed - 3)
    if rng.random() < 0.15:
        day.draw(TOILET, rng.uniform(60, 300))
