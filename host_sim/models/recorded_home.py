"""Recorded homes, replayed at the meters.

What the recording says is kept exactly; what it leaves open follows these rules, alike for a seed:

- Electricity: constant power over the hour or half hour that a line is about; one with import and
  export is cut into one stretch of each, in proportion, because a meter that nets its phases shows
  only one at a time.
- Gas: an even flow over that time; a pulse each time the sum reaches another 10 dm3, the rest is
  kept.
- Water: the litres between two readings flow between these two readings, in a few uses at the
  speed of taps and showers. A fall of the register adds nothing and is listed in `falls`.
- A hole in a recording says nothing: the replayed meters stand still, and it is listed in `gaps`.
  (Water keeps a register, so a long stretch between two of its readings is no hole.)
"""

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from host_sim.models.flow import Flow, flow_pulses
from host_sim.models.home import (
    DAY_US,
    MINUTE_US,
    MINUTES_PER_DAY,
    PULSE_WEIGHT,
    SECOND_US,
    DailyHome,
    Day,
)
from host_sim.models.recording import Fall, Gap, Metered, Reading

_FREE_SHARE = 0.1  # of the time between two readings nothing flows, at least


@dataclass(frozen=True)
class Recording:
    """What was recorded of one home, on one time line; replayable from `start_s` to `end_s`.

    Without a smart meter nothing is `metered`, without a water meter there are no `readings`.
    """

    name: str
    start_s: int
    end_s: int
    metered: list[Metered]
    readings: list[Reading]
    gaps: list[Gap]
    falls: list[Fall]
    notices: list[str]

    def moved(self, by_s: int) -> "Recording":
        """The same, so many seconds later."""
        gaps = [Gap(gap.start_s + by_s, gap.end_s + by_s, gap.line) for gap in self.gaps]
        return replace(
            self,
            start_s=self.start_s + by_s,
            end_s=self.end_s + by_s,
            metered=[each._replace(start_s=each.start_s + by_s) for each in self.metered],
            readings=[each._replace(time_s=each.time_s + by_s) for each in self.readings],
            gaps=gaps,
            falls=[fall._replace(time_s=fall.time_s + by_s) for fall in self.falls],
        )


class RecordedHome(DailyHome):
    """One recording as a home. After `end_s` it is over and the meters stand still.

    `gaps` and `falls`: see the rules above; `notices`: what people should know of the data, a line
    each.
    """

    def __init__(self, recording: Recording, seed: int) -> None:
        self.end_s = recording.end_s
        self.gaps = recording.gaps
        self.falls = recording.falls
        self.notices = recording.notices
        self._seed = seed
        self._metered = {
            each.start_s: each
            for each in recording.metered
            if recording.start_s <= each.start_s < recording.end_s
        }
        self._readings = recording.readings
        self._reading_times_us = [reading.time_s * SECOND_US for reading in recording.readings]
        super().__init__(recording.name, recording.start_s, utc_offset_s=0)

    def build_day(self, midnight_us: int, carry: dict[str, int]) -> Day:
        """What was recorded of one UTC day."""
        net_w: list[int] = []
        burnt: list[Flow] = []
        while len(net_w) < MINUTES_PER_DAY:
            start_us = midnight_us + len(net_w) * MINUTE_US
            metered = self._metered.get(start_us // SECOND_US)
            if metered is None:
                net_w.append(0)
                continue
            net_w += minutes_w(metered, random.Random(f"hour/{self._seed}/{metered.start_s}"))
            per_hour = metered.gas_dm3 * 60 // metered.minutes
            burnt.append(Flow(start_us, metered.end_s * SECOND_US, per_hour))
        gas, left = flow_pulses(burnt, carry.get("gas", 0), PULSE_WEIGHT["gas"])
        water = self._water(midnight_us, midnight_us + DAY_US)
        return Day(net_w, {"water": water, "gas": gas}, {"gas": left})

    def _water(self, from_us: int, to_us: int) -> list[int]:
        to_us = min(to_us, self.end_s * SECOND_US)
        first = max(bisect_right(self._reading_times_us, from_us) - 1, 0)
        last = min(bisect_left(self._reading_times_us, to_us), len(self._readings) - 1)
        times: list[int] = []
        for nth in range(first, last):
            litres = self._readings[nth + 1].litres - self._readings[nth].litres
            rng = random.Random(f"uses/{self._seed}/{nth}")
            times += uses(
                litres, self._reading_times_us[nth], self._reading_times_us[nth + 1], rng
            )
        return times[bisect_right(times, from_us) : bisect_right(times, to_us)]


def minutes_w(metered: Metered, rng: random.Random) -> list[int]:
    """One constant power a minute, adding up to what was metered, never both ways at once."""
    minutes, import_wh, export_wh = metered.minutes, metered.import_wh, metered.export_wh
    sunny = round(minutes * export_wh / (import_wh + export_wh or 1))
    if import_wh and export_wh:
        sunny = min(max(sunny, 1), minutes - 1)
    sunny_from = rng.randint(0, minutes - sunny)
    importing = _evenly(import_wh * 60, minutes - sunny)
    exporting = [-watts for watts in _evenly(export_wh * 60, sunny)]
    return importing[:sunny_from] + exporting + importing[sunny_from:]


def _evenly(total: int, parts: int) -> list[int]:
    each, more = divmod(total, parts or 1)
    return [each + (nth < more) for nth in range(parts)]


def uses(litres: int, from_us: int, to_us: int, rng: random.Random) -> list[int]:
    """When each of `litres` has flowed, strictly between two readings: a few uses, then quiet.

    A use is 1 to 60 L at 4 to 14 L/min; where that takes too long for the time there is,
    everything flows as much faster as it must.
    """
    if litres <= 0:
        return []
    sizes: list[int] = []
    while litres > 0:
        sizes.append(min(litres, rng.choice((1, 1, 2, 3, 6, 6, 9, 40, 60))))
        litres -= sizes[-1]
    rng.shuffle(sizes)
    litre_us = [int(60 * SECOND_US / rng.uniform(4, 14)) for _ in sizes]
    busy_us = sum(size * each for size, each in zip(sizes, litre_us, strict=True))
    room_us = to_us - from_us - 1
    faster = min(1.0, (1 - _FREE_SHARE) * room_us / busy_us)
    litre_us = [int(each * faster) for each in litre_us]
    busy_us = sum(size * each for size, each in zip(sizes, litre_us, strict=True))
    quiet = sorted(rng.randint(0, room_us - busy_us) for _ in sizes)
    times = []
    flowed_us = 0
    for size, each, waited_us in zip(sizes, litre_us, quiet, strict=True):
        for _ in range(size):
            flowed_us += each
            times.append(from_us + waited_us + flowed_us)
    return times
