"""The open intervals of all channels: when they end, by which clock, and what they come to.

While the time is not known intervals end at multiples of the period since the boot; once it is, at
those of UTC. The one in which it became known ends there and then, unless it began in the present
hour anyway. No clock here: the caller tells the time, UTC or else the uptime.
"""

from lib.interval import Accumulator

# Boundaries closed one by one after a stall or a clock step; beyond, only the newest. A clock that
# is set back by no more waits until they have passed once more; beyond, their hours come again.
_LATE_MAX = 48


class Intervals:
    """One Accumulator per channel, in `channels`.

    next_s: when they end. start_s: since the boot, when the open ones began; None with UTC.
    """

    def __init__(self, count: int, period_s: int):
        self.channels = [Accumulator(period_s) for _ in range(count)]
        self.period_s = period_s
        self.start_s = 0
        self.aim(period_s)

    def aim(self, next_s: int) -> None:
        """The open intervals end at `next_s`."""
        self.next_s = next_s
        for channel in self.channels:
            channel.aim(next_s)

    def mark(self, flags: int) -> None:
        """Add quality `flags` to all of them."""
        for channel in self.channels:
            channel.mark(flags)

    def time_known(self, unix_s: int, uptime_s: int, closed_s: int) -> None:
        """UTC is known; `closed_s`: the end of the last interval that was told in UTC."""
        step_s = unix_s - uptime_s
        self._shift(step_s, uptime_s)
        if self.start_s + step_s < unix_s // self.period_s * self.period_s:
            self.aim(unix_s)  # it began in an hour that is over
        else:
            self._follow_utc(unix_s, closed_s)

    def time_moved(self, step_s: int, unix_s: int, closed_s: int) -> None:
        """UTC was set by `step_s` and is `unix_s` now. A boundary that it leapt over stays due."""
        self._shift(step_s, unix_s - step_s)
        self.aim(min(self.next_s, self._boundary_s(unix_s, closed_s)))

    def is_due(self, now_s: int) -> bool:
        """Whether they are to be closed. One that a late reading may yet tell waits for it."""
        if now_s - self.next_s > _LATE_MAX * self.period_s:
            self.aim(now_s // self.period_s * self.period_s)
        return self.next_s <= now_s and all(each.is_settled(now_s) for each in self.channels)

    def close(self) -> tuple:
        """(deltas, qualities) of what ends now; advance() must follow."""
        closed = [channel.close() for channel in self.channels]
        return [delta for delta, _ in closed], [flags for _, flags in closed]

    def reopen(self) -> None:
        """Undo the last close()."""
        for channel in self.channels:
            channel.reopen()

    def advance(self, unix_s: int | None, closed_s: int) -> None:
        """Go on to the next ones. unix_s: None while UTC is not known."""
        if self.start_s is not None and unix_s:
            self._follow_utc(unix_s, closed_s)
            return
        if self.start_s is not None:
            self.start_s += self.period_s
        self.aim(self.next_s + self.period_s)

    def _follow_utc(self, unix_s: int, closed_s: int) -> None:
        """From now on they end at multiples of the period in UTC."""
        self.start_s = None
        self.aim(self._boundary_s(unix_s, closed_s))

    def _boundary_s(self, unix_s: int, closed_s: int) -> int:
        """The next multiple of the period, but not one that was closed already."""
        if closed_s - unix_s > _LATE_MAX * self.period_s:
            closed_s = 0
        return max((unix_s // self.period_s + 1) * self.period_s, closed_s + self.period_s)

    def _shift(self, step_s: int, before_s: int) -> None:
        for channel in self.channels:
            channel.shift(step_s, before_s)
