"""Keeps the clock synchronised and tells when it was moved, or was told to."""

import asyncio

from micropython import const

from lib import events

_SOON_MS = const(1000)  # between looks for a network, and until the time is known and confirmed
_RETRY_MS = const(60000)
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
            rest_ms = _SOON_MS
            if self._wifi.is_up():
                rest_ms = self._synchronise()
            await asyncio.sleep_ms(rest_ms)

    def _synchronise(self) -> int:
        """Ask one server; returns when to ask the next one."""
        clock, books = self._clock, self._books
        was_known = clock.known.is_set()
        if not clock.synchronise():
            if not clock.doubted_s:
                return _RETRY_MS if was_known else _SOON_MS
            books.event(events.CLOCK_DOUBTED, (clock.doubted_s,))
            clock.doubted_s = 0
            return _SOON_MS
        if not was_known:
            books.time_known()
            books.event(events.CLOCK_SET, (0,))
            return _SOON_MS
        if clock.moved_s:
            books.time_moved(clock.stepped_s)
            books.event(events.CLOCK_SET, (clock.moved_s,))
            clock.moved_s = clock.stepped_s = 0
        return _PERIOD_MS
