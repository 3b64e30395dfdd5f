"""Looks for leaks in what the pulse inputs counted: lib/leak.py has the rules, LEAKS.md the rest.

Loaded only where there are rules, and room for them. What a quarter-hour comes to is judged by
closing.py, loaded for that, and so is what has flowed so fast that it cannot wait.
"""

from micropython import const

import once
from books import CHANNELS
from lib import events
from lib.leak_watch import COUNT, FIGURES, TRIP

QUARTER_S = const(900)
# Where the heap has no room it is tried again, within the 60 s that a quarter-hour may be too long
# (closing.py); then never: all else must have what there is.
_AGAIN_S = const(15)
_TRIES = const(4)


class Leaks:
    """watches: one for each channel with rules. quarter: number of the open quarter-hour; None
    before the first. closed_s: when it began, by the uptime; far back where no end of another
    began it.
    """

    def __init__(self, clock, books, watches: list):
        self.clock = clock
        self.books = books
        self.watches = watches
        self.quarter = None
        self.closed_s = 0
        self.on_alarms = None  # if any, called with the rules of the water that are true, as bits
        self._again_s = 0  # not before, by the uptime
        self._failed = 0

    def look(self) -> None:
        """A look at the pulses is over."""
        clock = self.clock
        if not self.watches:
            return
        # A boot that will soon know the time knows how long the power was out.
        if clock.unix_s() is None and clock.uptime_s() < QUARTER_S:
            return
        quarter = clock.now_s() // QUARTER_S
        is_due = quarter != self.quarter
        for watch in self.watches:
            is_due = is_due or 0 < watch[TRIP] <= watch[COUNT].register.register
        if not is_due or clock.uptime_s() < self._again_s:
            return
        try:
            from leaks import closing

            once.forget("leaks.closing")
            closing.run(self, quarter)
            self._failed = 0
            self._tell_alarms()
        except MemoryError:
            once.sweep()
            self._again_s = clock.uptime_s() + _AGAIN_S
            self._failed += 1
            if self._failed == _TRIES:
                self.watches = []
                print("leaks: no room in the heap")
                self.books.event(events.CONFIG_REJECTED, (1,))

    def _tell_alarms(self) -> None:
        for watch in self.watches:
            if self.on_alarms and CHANNELS[watch[COUNT].place][0] == "water":
                self.on_alarms(watch[FIGURES][0])

    def order(self, place: int, away: int | None) -> tuple | None:
        """A person has something to say of a channel: orders.py."""
        from leaks import orders

        once.forget("leaks.orders")
        return orders.run(self, place, away)

    def figures(self) -> tuple:
        """(name, integer) pairs for the status message."""
        figures = []
        for watch in self.watches:
            name = CHANNELS[watch[COUNT].place][0]
            for word, value in zip(("leak", "leak_days", "still_days", "back"), watch[FIGURES]):
                figures.append((name + "_" + word, value))
        return tuple(figures)
