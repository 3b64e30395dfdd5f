"""Keeps the clock synchronised and tells when it was moved, or was told to."""

import asyncio

from micropython import const

from lib import events
from lib.timebase import FLAG_MS, STEP_MS

_SOON_MS = const(1000)  # until the time is known and confirmed
_RETRY_MS = const(60000)  # while there is no network or no answer, once it is known
_PERIOD_MS = const(21600000)  # 6 h: a crystal of 20 ppm has drifted by half a second


class Timekeeper:
    """Asks the time servers in turn: one for the time as soon as there is a network, the next to
    confirm it, then one every six hours. When an answer is doubted the next server is asked.
    """

    def __init__(self, clock, wifi, books):
        self._clock = clock
        self._wifi = wifi
        self._books = books

    async def run(self) -> None:
        """Keep time for ever."""
        while True:
            rest_ms = _RETRY_MS if self._clock.known.is_set() else _SOON_MS
            if self._wifi.is_up():
                rest_ms = self._synchronise()
            await asyncio.sleep_ms(rest_ms)

    def _synchronise(self) -> int:
        """Ask one server; returns when to ask the next one."""
        books = self._books
        was_known = self._clock.known.is_set()
        believed, off_ms = self._clock.synchronise()
        if not believed:
            if off_ms:
                books.event(events.CLOCK_DOUBTED, (off_ms // 1000,))
                return _SOON_MS
            return _RETRY_MS if was_known else _SOON_MS
        if not was_known:
            books.time_known()
            books.event(events.CLOCK_SET, (0, self._clock.uptime_s()))
            return _SOON_MS
        if abs(off_ms) >= FLAG_MS:
            books.time_moved(off_ms // 1000 if abs(off_ms) >= STEP_MS else 0)
            books.event(events.CLOCK_SET, (off_ms // 1000, self._clock.uptime_s()))
        return _PERIOD_MS
