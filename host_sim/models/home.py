"""What every home is to the meters: cumulative energy, power, and when water and gas passed.

`Home` is what the meters ask for; `DailyHome` answers it for any home that can tell one day at a
time. Times are integer unix microseconds (UTC), energies integer Wh. A home is a pure function of
time: asking costs time, never changes the answer.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple, Protocol

ELECTRICITY = ("electricity_delivered", "electricity_received")
PULSE_WEIGHT = {"water": 1, "gas": 10}  # litres, dm3 per pulse

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
MINUTES_PER_DAY = 1440

_KEPT_DAYS = 3  # yesterday, today, and a look ahead


class Home(Protocol):
    """A home the meters are connected to. Until `start_s` nothing flows and totals are zero."""

    name: str
    start_s: int  # unix seconds, on the hour

    def energy_wh(self, channel: str, t_us: int) -> int:
        """Wh through an electricity channel since the start, rounded down; never falls."""
        ...

    def power_w(self, t_us: int) -> int:
        """Net power at `t_us`, positive for import."""
        ...

    def pulses(self, channel: str, from_us: int, to_us: int) -> list[int]:
        """When a channel pulsed in (from_us, to_us], ascending; for units see `PULSE_WEIGHT`."""
        ...

    def hourly(self, channel: str, hour_s: int) -> int:
        """The truth for the hour from `hour_s`: the Wh, L or dm3 that a meter can have shown."""
        ...


class Day(NamedTuple):
    """One day of a home: what flowed, minute by minute and pulse by pulse."""

    net_w: list[int]  # one constant power per minute, positive for import
    pulses: dict[
        str, list[int]
    ]  # channel -> times, unix us, ascending, in (midnight, next midnight]
    carry: dict[str, int]  # what has flowed since the last pulse, in units only the home knows


class _OpenDay:
    """A day laid out for quick reading."""

    def __init__(self, midnight_us: int, day: Day, before_wmin: tuple[int, int]) -> None:
        self.midnight_us = midnight_us
        self.net_w = day.net_w
        self.pulses = day.pulses
        self.carry = day.carry
        # Cumulative watt-minutes at the start of each minute, import and export.
        self.imported_wmin = list(
            accumulate((max(w, 0) for w in day.net_w), initial=before_wmin[0])
        )
        self.exported_wmin = list(
            accumulate((max(-w, 0) for w in day.net_w), initial=before_wmin[1])
        )


class DailyHome(ABC):
    """A home that is told day by day; a day is built when asked for, and forgotten again.

    `utc_offset_s` says where local midnight is: days are local days of 24 h with a fixed offset.
    """

    def __init__(self, name: str, start_s: int, utc_offset_s: int) -> None:
        if start_s % 3600 or utc_offset_s % 3600:
            raise ValueError("a home starts on the hour")
        self.name = name
        self.start_s = start_s
        self._start_us = start_s * SECOND_US
        self._first_midnight_us = (self._start_us + utc_offset_s * SECOND_US) // DAY_US * DAY_US
        self._first_midnight_us -= utc_offset_s * SECOND_US
        self._before: list[tuple[int, int, dict[str, int]]] = [(0, 0, {})]  # at each midnight
        self._open: dict[int, _OpenDay] = {}
        self._today = self._day(0)
        self._at_start = {
            channel: self._watt_us(channel, self._start_us) for channel in ELECTRICITY
        }
        self._quiet: dict[str, tuple[int, int]] = dict.fromkeys(PULSE_WEIGHT, (0, 0))

    @abstractmethod
    def build_day(self, midnight_us: int, carry: dict[str, int]) -> Day:
        """The day from `midnight_us` on, a pure function; `carry` is empty on the first day."""

    def energy_wh(self, channel: str, t_us: int) -> int:
        """See `Home`."""
        if t_us <= self._start_us:
            return 0
        return (self._watt_us(channel, t_us) - self._at_start[channel]) // HOUR_US

    def power_w(self, t_us: int) -> int:
        """See `Home`."""
        if t_us < self._start_us:
            return 0
        today = self._at(t_us)
        return today.net_w[(t_us - today.midnight_us) // MINUTE_US]

    def pulses(self, channel: str, from_us: int, to_us: int) -> list[int]:
        """See `Home`."""
        quiet_from_us, quiet_to_us = self._quiet[channel]
        if quiet_from_us <= from_us and to_us <= quiet_to_us:
            return []
        from_us = max(from_us, self._start_us)
        found: list[int] = []
        if to_us <= from_us:
            return found
        # A pulse at midnight belongs to the day that ends there.
        first = (from_us - self._first_midnight_us) // DAY_US
        last = (to_us - self._first_midnight_us - 1) // DAY_US
        for index in range(first, last + 1):
            times = self._day(index).pulses[channel]
            found += times[bisect_right(times, from_us) : bisect_right(times, to_us)]
        self._note_quiet(channel, last, to_us)
        return found

    def hourly(self, channel: str, hour_s: int) -> int:
        """See `Home`."""
        from_us = hour_s * SECOND_US
        to_us = from_us + HOUR_US
        if channel in ELECTRICITY:
            return self.energy_wh(channel, to_us) - self.energy_wh(channel, from_us)
        return len(self.pulses(channel, from_us, to_us)) * PULSE_WEIGHT[channel]

    def _note_quiet(self, channel: str, index: int, to_us: int) -> None:
        """Remember until when nothing comes: most questions fall there and then cost nothing."""
        day = self._day(index)
        times = day.pulses[channel]
        following = bisect_right(times, to_us)
        until_us = times[following] - 1 if following < len(times) else day.midnight_us + DAY_US
        self._quiet[channel] = (to_us, until_us)

    def _watt_us(self, channel: str, t_us: int) -> int:
        """Exact energy since the first midnight, in W x us."""
        today = self._at(t_us)
        minute, inside_us = divmod(t_us - today.midnight_us, MINUTE_US)
        net_w = today.net_w[minute]
        if channel == "electricity_delivered":
            return today.imported_wmin[minute] * MINUTE_US + (
                net_w * inside_us if net_w > 0 else 0
            )
        return today.exported_wmin[minute] * MINUTE_US - (net_w * inside_us if net_w < 0 else 0)

    def _at(self, t_us: int) -> _OpenDay:
        if not 0 <= t_us - self._today.midnight_us < DAY_US:
            self._today = self._day((t_us - self._first_midnight_us) // DAY_US)
        return self._today

    def _day(self, index: int) -> _OpenDay:
        """Days must be built in order once, for what they hand on; later any of them alone."""
        day = self._open.get(index)
        if day is not None:
            return day
        for step in range(min(index, len(self._before) - 1), index + 1):
            imported_wmin, exported_wmin, carry = self._before[step]
            midnight_us = self._first_midnight_us + step * DAY_US
            built = self.build_day(midnight_us, carry)
            day = _OpenDay(midnight_us, built, (imported_wmin, exported_wmin))
            if step + 1 == len(self._before):
                self._before.append((day.imported_wmin[-1], day.exported_wmin[-1], day.carry))
        assert day is not None
        self._open[index] = day
        if len(self._open) > _KEPT_DAYS:
            del self._open[next(iter(self._open))]
        return day
