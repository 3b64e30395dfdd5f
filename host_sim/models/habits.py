"""How a household spends its days: who is up and at home when, and which machines it starts.

All times are minutes after local midnight.
"""

import random
from dataclasses import dataclass

_EV_NIGHTS_PER_WEEK = 2.2


@dataclass(frozen=True)
class Resident:
    """One person's day. Whoever stays at home leaves and comes back in the same minute."""

    wake: int
    leave: int
    back: int
    bed: int

    def some_moment(self, rng: random.Random) -> float:
        """A random moment of being awake and at home."""
        morning = self.leave - self.wake
        moment = rng.uniform(0, morning + self.bed - self.back)
        return self.wake + moment if moment < morning else self.back + moment - morning


@dataclass(frozen=True)
class DayPlan:
    """What a household does on one day; None: not today."""

    residents: list[Resident]
    breakfast: int
    dinner: int
    laundry: int | None
    dishes: int | None
    charging: range | None  # minutes in which the car charges

    @property
    def first_up(self) -> int:
        """When the first resident wakes."""
        return min(resident.wake for resident in self.residents)

    @property
    def last_to_bed(self) -> int:
        """When the last resident goes to bed."""
        return max(resident.bed for resident in self.residents)

    @property
    def first_back(self) -> int:
        """When somebody is at home again."""
        return min(resident.back for resident in self.residents)


class Household:
    """Three people with habits of their own (from `seed`) who keep to them more or less."""

    RESIDENTS = 3

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"household/{seed}")
        self._seed = seed
        self._wakes = [rng.randint(370, 450) for _ in range(self.RESIDENTS)]
        self._homebody = rng.randrange(self.RESIDENTS)  # one works at home half of the week

    def plan(self, day: int) -> DayPlan:
        """The plan of a local day, counted from 1 January 1970."""
        rng = random.Random(f"plan/{self._seed}/{day}")
        weekend = (day + 3) % 7 >= 5  # day 0 was a Thursday
        residents = [self._resident(nth, weekend, rng) for nth in range(self.RESIDENTS)]
        dinner = rng.randint(1070, 1170)
        starts_laundry = rng.random() < (0.8 if weekend else 0.4)
        starts_dishes = rng.random() < 0.7
        charges = rng.random() < _EV_NIGHTS_PER_WEEK / 7
        plugged = rng.randint(1080, 1200)
        return DayPlan(
            residents=residents,
            breakfast=min(resident.wake for resident in residents) + rng.randint(15, 35),
            dinner=dinner,
            laundry=rng.randint(560, 1020) if starts_laundry else None,
            dishes=dinner + rng.randint(50, 100) if starts_dishes else None,
            charging=range(plugged, plugged + rng.randint(90, 220)) if charges else None,
        )

    def _resident(self, nth: int, weekend: bool, rng: random.Random) -> Resident:
        wake = self._wakes[nth] + rng.randint(-12, 12) + (rng.randint(40, 120) if weekend else 0)
        bed = rng.randint(1320, 1400)
        stays = rng.random() < (0.35 if weekend else 0.5 if nth == self._homebody else 0.08)
        if stays:
            return Resident(wake, 720, 720, bed)
        leave = rng.randint(600, 840) if weekend else wake + rng.randint(45, 75)
        away = rng.randint(90, 300) if weekend else rng.randint(490, 600)
        return Resident(wake, leave, leave + away, bed)
