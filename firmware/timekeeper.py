"""Keeps the clock synchronised and tells when it was moved."""

import asyncio

from micropython import const

from lib import events

_WAIT_MS = const(1000)  # between looks for a network, and tries until the time is known
_RETRY_MS = const(60000)
_PERIOD_MS = const(21600000)  # 6 h: a crystal of 20 ppm has drifted by half a second


class Timekeeper:
    """Asks the time server soon after there is a network, then every six hours."""

    def __init__(self, clock, wifi, books):
        self._clock = clock
        self._wifi = wifi
        self._books = books

    async def run(self) -> None:
        """Keep time for ever."""
        while True:
            before_s = self._clock.unix_s()
            if not self._wifi.is_up():
                await asyncio.sleep_ms(_WAIT_MS)
            elif not self._clock.synchronise():
                await asyncio.sleep_ms(_WAIT_MS if before_s is None else _RETRY_MS)
            else:
                self._tell(before_s)
                await asyncio.sleep_ms(_PERIOD_MS)

    def _tell(self, before_s: int | None) -> None:
        if before_s is None:
            self._books.time_known()
            self._books.event(events.CLOCK_SET, (0,))
        elif self._clock.moved_s:
            self._books.time_moved()
            self._books.event(events.CLOCK_SET, (self._clock.moved_s,))
            self._clock.moved_s = 0
