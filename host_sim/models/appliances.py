"""What uses electricity in a house, minute by minute over one local day."""

import random

from host_sim.models.habits import DayPlan
from host_sim.models.home import MINUTES_PER_DAY
from host_sim.models.sun import Daylight

_STANDBY_W = 105
_FRIDGE_W = 95
_EV_W = 3680  # one phase, 16 A


class DayOfLoad:
    """Adds up the watts of each minute; what still runs at midnight stops there."""

    def __init__(self) -> None:
        self.watts = [_STANDBY_W] * MINUTES_PER_DAY

    def run(self, start: int, minutes: int, watts: int) -> None:
        """`watts` more for some minutes from `start`."""
        for minute in range(max(start, 0), min(start + minutes, MINUTES_PER_DAY)):
            self.watts[minute] += watts


def day_of_load(plan: DayPlan, daylight: Daylight, rng: random.Random) -> list[int]:
    """The power of the whole house without its roof, in W, for each minute."""
    day = DayOfLoad()
    _fridge(day, rng)
    _evening(day, plan, daylight, rng)
    _kitchen(day, plan, rng)
    _machines(day, plan)
    if plan.charging is not None:
        day.run(plan.charging.start, len(plan.charging), _EV_W)
    return day.watts


def _fridge(day: DayOfLoad, rng: random.Random) -> None:
    minute = -rng.randint(0, 40)
    while minute < MINUTES_PER_DAY:
        runs = rng.randint(12, 18)
        day.run(minute, runs, _FRIDGE_W)
        minute += runs + rng.randint(26, 38)


def _evening(day: DayOfLoad, plan: DayPlan, daylight: Daylight, rng: random.Random) -> None:
    """Light while people are up in the dark; screens in the evening; work at home."""
    lights_w = rng.randint(70, 130)
    if daylight.rise > plan.first_up:
        day.run(plan.first_up, daylight.rise - plan.first_up, lights_w)
    dusk = max(daylight.set, plan.first_back)
    day.run(dusk, plan.last_to_bed - dusk, lights_w)
    day.run(plan.dinner + 60, plan.last_to_bed - plan.dinner - 60, rng.randint(110, 180))
    for resident in plan.residents:
        if resident.leave == resident.back:
            day.run(540, rng.randint(360, 500), 75)


def _kitchen(day: DayOfLoad, plan: DayPlan, rng: random.Random) -> None:
    day.run(plan.breakfast, 4, 2000)  # kettle
    day.run(plan.breakfast + 5, 3, 900)  # toaster
    hob_minutes = rng.randint(18, 40)
    day.run(plan.dinner, 8, 1800)
    day.run(plan.dinner + 8, hob_minutes, 900)
    if rng.random() < 0.3:
        day.run(plan.dinner - 15, 45, 1100)  # oven, on and off in truth
    for _ in range(rng.randint(1, 3)):
        day.run(int(rng.choice(plan.residents).some_moment(rng)), 3, 2000)  # tea


def _machines(day: DayOfLoad, plan: DayPlan) -> None:
    if plan.laundry is not None:
        day.run(plan.laundry + 5, 16, 2000)
        day.run(plan.laundry + 21, 55, 180)
        day.run(plan.laundry + 76, 8, 500)  # spin
    if plan.dishes is not None:
        day.run(plan.dishes + 4, 17, 1900)
        day.run(plan.dishes + 62, 12, 1900)
        day.run(plan.dishes + 4, 85, 60)
