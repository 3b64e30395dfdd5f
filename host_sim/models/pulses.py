"""The contact of a pulse meter at an input pin: it closes at each pulse, and it bounces.

The truth (how many pulses, in which hour) comes from the home; this model adds what a contact does
to it. `count` is what a hardware counter behind the chip's glitch filter shows: where the bounces
are longer than the filter reaches, it counts them too, as the hardware would.
"""

import random
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from host_sim.models.home import HOUR_US, SECOND_US, Home

MAX_FILTER_NS = 12_787  # 1023 cycles of the ESP32's 80 MHz; what asks for more gets this

Edge = tuple[int, int]  # unix us, level after it

_EDGE_LEVELS: dict[str, tuple[int, ...]] = {"rising": (1,), "falling": (0,), "both": (0, 1)}
_KEPT_HOURS = 4


class PulseInput:
    """One input pin, at `closed_level` while the contact is closed: for `width_ms` at each pulse.

    At each change it may bounce for up to `bounce_us`. Within an hour crowded pulses are moved
    apart, to be open at least as long as closed; none leaves its hour. An hour that cannot hold
    its pulses raises ValueError.
    """

    def __init__(
        self,
        home: Home,
        channel: str,
        seed: int,
        width_ms: int = 100,
        bounce_us: int = 8,
        closed_level: int = 1,
    ) -> None:
        if bounce_us * 4 > width_ms * 1000:
            raise ValueError("a contact that bounces for a quarter of its pulse is no contact")
        self.channel = channel
        self._home = home
        self._seed = seed
        self._width_us = width_ms * 1000
        self._bounce_us = bounce_us
        self._closed_level = closed_level
        self._hours: dict[int, list[Edge]] = {}
        self._counters: dict[tuple[int, str], HardwareCounter] = {}
        self._first_hour = home.start_s * SECOND_US // HOUR_US

    def counter(self, filter_ns: int, edge: str = "rising") -> "HardwareCounter":
        """A counter at this pin: "rising", "falling" or "both" edges, since the home's start."""
        counter = self._counters.get((filter_ns, edge))
        if counter is None:
            levels = _EDGE_LEVELS[edge]
            reach_ns = min(filter_ns, MAX_FILTER_NS)
            counter = HardwareCounter(
                self._first_hour, lambda hour: self._counted(hour, reach_ns, levels)
            )
            self._counters[filter_ns, edge] = counter
        return counter

    def count(self, now_us: int, filter_ns: int, edge: str = "rising") -> int:
        """What such a counter shows at `now_us`."""
        return self.counter(filter_ns, edge).value(now_us)

    def edges(self, from_us: int, to_us: int) -> list[Edge]:
        """Every change of the pin in (from_us, to_us], bounces and all: (time, new level)."""
        found: list[Edge] = []
        for hour in range(max(from_us // HOUR_US, self._first_hour), to_us // HOUR_US + 1):
            found += [change for change in self._hour(hour) if from_us < change[0] <= to_us]
        return found

    def level(self, t_us: int) -> int:
        """The pin's level at `t_us`."""
        # No pulse lasts over the turn of an hour: there the contact is open.
        changes = self._hour(t_us // HOUR_US)
        done = bisect_right(changes, t_us, key=_time_of)
        return changes[done - 1][1] if done else 1 - self._closed_level

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When the pin next changes, in (t_us, limit_us]; None: not in that time."""
        for hour in range(max(t_us // HOUR_US, self._first_hour), limit_us // HOUR_US + 1):
            changes = self._hour(hour)
            following = bisect_right(changes, t_us, key=_time_of)
            if following < len(changes):
                at_us = changes[following][0]
                return at_us if at_us <= limit_us else None
        return None

    def _hour(self, hour: int) -> list[Edge]:
        """All changes in one clock hour."""
        changes = self._hours.get(hour)
        if changes is None:
            changes = self._build_hour(hour)
            self._hours[hour] = changes
            if len(self._hours) > _KEPT_HOURS:
                del self._hours[next(iter(self._hours))]
        return changes

    def _build_hour(self, hour: int) -> list[Edge]:
        start_us = hour * HOUR_US
        times = self._home.pulses(self.channel, start_us, start_us + HOUR_US)
        # One pulse's length of quiet at either end, so that neighbouring hours never overlap.
        spacing_us = 2 * self._width_us + 2 * self._bounce_us
        times = spread(
            times, spacing_us, start_us + spacing_us // 2, start_us + HOUR_US - spacing_us
        )
        rng = random.Random(f"bounce/{self._seed}/{self.channel}/{hour}")
        closed = self._closed_level
        changes: list[Edge] = []
        for at_us in times:
            changes += self._bouncing(rng, at_us, closed)
            changes += self._bouncing(rng, at_us + self._width_us, 1 - closed)
        return changes

    def _bouncing(self, rng: random.Random, at_us: int, level: int) -> list[Edge]:
        """The change to `level` at `at_us`, with up to three bounces back before it stays."""
        bounces = rng.randint(0, min(3, self._bounce_us // 2))
        offsets = [0, *sorted(rng.sample(range(1, self._bounce_us + 1), 2 * bounces))]
        return [
            (at_us + offset, level if nth % 2 == 0 else 1 - level)
            for nth, offset in enumerate(offsets)
        ]

    def _counted(self, hour: int, filter_ns: int, levels: tuple[int, ...]) -> list[int]:
        """When a counter counts in one hour: a level passes the filter once it has lasted."""
        changes = self._hour(hour)
        filter_us = -(-filter_ns // 1000)
        ends_us = [at_us for at_us, _ in changes[1:]] + [(hour + 1) * HOUR_US]
        passed = 1 - self._closed_level
        counted = []
        for (at_us, level), end_us in zip(changes, ends_us, strict=False):
            if level == passed or (end_us - at_us) * 1000 < filter_ns:
                continue
            passed = level
            if level in levels:
                counted.append(at_us + filter_us)
        return counted


class HardwareCounter:
    """A running total over hours, quick when asked again and again as time goes on."""

    def __init__(self, first_hour: int, counted_in: Callable[[int], list[int]]) -> None:
        self._first_hour = first_hour
        self._counted_in = counted_in
        self._before = [0]  # the total at the start of each hour
        self._hour = first_hour
        self._times = counted_in(first_hour)
        self._value = 0
        self._valid_from_us = 0  # the value holds in [from, until)
        self._valid_until_us = 0

    def value(self, now_us: int) -> int:
        """The total at `now_us`."""
        if not self._valid_from_us <= now_us < self._valid_until_us:
            self._settle(now_us)
        return self._value

    def _settle(self, now_us: int) -> None:
        hour = now_us // HOUR_US
        if hour < self._first_hour:
            self._value = 0
            return
        if hour != self._hour:
            self._turn_to(hour)
        done = bisect_right(self._times, now_us)
        self._value = self._before[hour - self._first_hour] + done
        self._valid_from_us = self._times[done - 1] if done else hour * HOUR_US
        self._valid_until_us = (
            self._times[done] if done < len(self._times) else (hour + 1) * HOUR_US
        )

    def _turn_to(self, hour: int) -> None:
        for known in range(len(self._before) - 1, hour - self._first_hour):
            self._before.append(self._before[-1] + len(self._counted_in(self._first_hour + known)))
        self._times = self._counted_in(hour)
        self._hour = hour


def spread(times: list[int], spacing_us: int, first_us: int, last_us: int) -> list[int]:
    """`times` in [first_us, last_us], `spacing_us` apart: moved later, at the end earlier."""
    room_us = last_us - first_us - (len(times) - 1) * spacing_us
    if times and room_us < 0:
        raise ValueError(f"{len(times)} pulses do not fit into one hour")
    # With the spacing taken out, being apart means being in order.
    packed = [at_us - first_us - nth * spacing_us for nth, at_us in enumerate(times)]
    return [
        first_us + min(max(late_us, 0), room_us) + nth * spacing_us
        for nth, late_us in enumerate(accumulate(packed, max))
    ]


def _time_of(change: Edge) -> int:
    return change[0]
