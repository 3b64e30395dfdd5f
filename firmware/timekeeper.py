"""Keeps the clock synchronised and tells when it was moved, or was told to."""

import asyncio

from micropython import const

from lib import events
from lib.timebase import FLAG_MS, STEP_MS

_TECHNICIAN = const(2)  # the sources: 0 time server, 1 head-end, 3 battery clock, 4 before a reset
_SOON_MS = const(1000)  # until the time is known, or confirmed
_RETRY_MS = const(60000)  # while there is no network or no answer, once it is known
_PERIOD_MS = const(21600000)  # 6 h: a crystal of 20 ppm has drifted by half a second
_PATIENCE_S = const(60)  # so long the time servers have to answer before the head-end is heard


class Timekeeper:
    """Asks the time servers in turn: two for the time as soon as there is a network, then one
    every six hours. When an answer is doubted the next server is asked.
    """

    def __init__(self, clock, wifi, books, battery):
        """battery: a drivers.ds3231, or None."""
        self._clock = clock
        self._wifi = wifi
        self._books = books
        self._battery = battery

    async def run(self) -> None:
        """Keep time for ever."""
        while True:
            rest_ms = _RETRY_MS if self._clock.known.is_set() else _SOON_MS
            if self._wifi.is_up():
                rest_ms = self._synchronise()
            await asyncio.sleep_ms(rest_ms)

    def told(self, source: int, unix_s: int, window_ms: int) -> None:
        """Somebody says that it was `unix_s` at most `window_ms` ago: a technician, who is
        believed, or the head-end, which is heard only while nobody else can tell.
        """
        clock = self._clock
        sure = 2 if source == _TECHNICIAN else 1
        if sure > 1 or clock.uptime_s() >= _PATIENCE_S and not clock.is_trusted():
            was_known = clock.known.is_set()
            floor_s = self._books.closed_s()
            self.note(
                source, was_known, clock.take(-source, unix_s * 1000, window_ms, floor_s, sure)
            )

    def note(self, source: int, was_known: bool, outcome: tuple) -> int:
        """Tell what `source` did to the clock; returns when to ask the next server."""
        books = self._books
        believed, off_ms = outcome
        if not believed:
            if off_ms:
                books.event(events.CLOCK_DOUBTED, (off_ms // 1000,))
                return _SOON_MS
            return _RETRY_MS if was_known else _SOON_MS
        if not was_known:
            books.time_known()
            books.event(events.CLOCK_SET, (0, source, self._clock.uptime_s()))
            return _PERIOD_MS
        is_step = source == _TECHNICIAN or abs(off_ms) >= STEP_MS
        if is_step or abs(off_ms) >= FLAG_MS:
            books.time_moved(off_ms // 1000 if is_step else 0)
            told = (off_ms // 1000, source, self._clock.uptime_s())
            books.event(events.CLOCK_SET, told)
        return _PERIOD_MS

    def _synchronise(self) -> int:
        """Ask one server; returns when to ask the next one."""
        was_known = self._clock.known.is_set()
        outcome = self._clock.synchronise(self._books.closed_s())
        if outcome[0] and self._battery:
            self._battery.correct(self._clock.unix_s())
        return self.note(0, was_known, outcome)
