"""The world around one collector: a clock that only waiting moves, an event heap, one seeded
random generator.
"""

import heapq
import random
from collections.abc import Callable
from typing import Protocol

FOREVER_US = 1 << 62


class Clock(Protocol):
    """How time passes (clocks.py)."""

    def pass_time(self, now_us: int, target_us: int) -> int:
        """Move from `now_us` towards `target_us` and say where it got to."""
        ...


class Event:
    """Something that will happen; cancel() forgets it."""

    __slots__ = ("action", "at_us", "order")

    def __init__(self, at_us: int, order: int, action: Callable[[], None]) -> None:
        self.at_us = at_us
        self.order = order
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """The event stays on the heap and does nothing when its time comes."""
        self.action = None

    def __lt__(self, other: "Event") -> bool:
        return (self.at_us, self.order) < (other.at_us, other.order)


class World:
    """Virtual time in integer microseconds since the world began, at `start_unix_s` UTC."""

    def __init__(self, clock: Clock, seed: int, start_unix_s: int) -> None:
        self.clock = clock
        self.seed = seed
        self.random = random.Random(seed)
        self.start_unix_s = start_unix_s
        self.now_us = 0
        self._events: list[Event] = []
        self._order = 0

    @property
    def unix_us(self) -> int:
        """The true time, UTC, in microseconds."""
        return self.start_unix_s * 1_000_000 + self.now_us

    def at(self, at_us: int, action: Callable[[], None]) -> Event:
        """Let `action` happen at `at_us`; events of one microsecond happen in the order they were
        asked for.
        """
        self._order += 1
        event = Event(max(at_us, self.now_us), self._order, action)
        heapq.heappush(self._events, event)
        return event

    def after(self, delay_us: int, action: Callable[[], None]) -> Event:
        """Let `action` happen `delay_us` from now."""
        return self.at(self.now_us + delay_us, action)

    def run_until(self, deadline_us: int, stop: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass until `stop()` holds or the deadline comes; true if it stopped early."""
        self._run_due()
        while not stop():
            if self.now_us >= deadline_us:
                return False
            target_us = min(deadline_us, self._events[0].at_us if self._events else deadline_us)
            self.now_us = self.clock.pass_time(self.now_us, target_us)
            self._run_due()
        return True

    def _run_due(self) -> None:
        while self._events and self._events[0].at_us <= self.now_us:
            action = heapq.heappop(self._events).action
            if action is not None:
                action()
