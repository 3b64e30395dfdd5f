"""Feeds the watchdog as long as every task proves that it lives, and knows the collector's vital
figures.
"""

import asyncio
import gc

from micropython import const

from lib.heartbeat import Hearts

_CHECK_MS = const(20000)  # and the clock is stamped as often (lib/legacy.py)
_WELL_CHECKS = const(3)
# a full collection stalls the chip for some 10 ms: twice an hour is enough
_CHECKS_PER_LOOK = const(90)
_STARVED = const(1)  # lib/legacy.py
_HEAP_UNKNOWN = const(1 << 29)
_GARBAGE_MAX = const(8192)  # as main.py has it


class Health:
    """Heartbeats by task name; a task that is silent for longer than it promised starves the
    watchdog.

    `on_well` is called once, when all tasks have lived through a minute; `on_check`, if any, with
    every look, at least every 20 s. sources: who has more figures() for the status message.
    """

    def __init__(self, clock, watchdog, on_well):
        self.sources = []
        self.on_check = None
        self._clock = clock
        self._watchdog = watchdog
        self._on_well = on_well
        self._hearts = Hearts()
        self._heap_free = 0
        self._heap_low = _HEAP_UNKNOWN

    def expect(self, task: str, within_s: int) -> None:
        """From now on `task` must beat at least every `within_s`."""
        self._hearts.expect(task, within_s, self._clock.uptime_s())

    def beat(self, task: str) -> None:
        """`task` lives."""
        self._hearts.beat(task, self._clock.uptime_s())

    def figures(self) -> tuple:
        """(name, integer) pairs for the status message: bytes of heap, live data only; and those
        of the sources.
        """
        figures = (("heap_free", self._heap_free), ("heap_low", self._heap_low))
        for source in self.sources:
            figures += source.figures()
        return figures

    async def run(self) -> None:
        """Look after the tasks for ever."""
        checks = 0
        while True:
            if checks % _CHECKS_PER_LOOK == 0:
                self._measure_heap()
            is_well = not self._hearts.silent(self._clock.uptime_s())
            if is_well:
                self._watchdog.feed()
                if checks == _WELL_CHECKS:
                    self._on_well()
            self._clock.stamp(0 if is_well else _STARVED)
            if self.on_check:
                self.on_check()
            checks += 1
            await asyncio.sleep_ms(_CHECK_MS)

    def _measure_heap(self) -> None:
        gc.collect()
        self._heap_free = gc.mem_free()
        self._heap_low = min(self._heap_low, self._heap_free)
        # With 5 KB free and garbage of 4 KB, no piece is large enough for a message (measured).
        gc.threshold(min(_GARBAGE_MAX, self._heap_free // 2))
