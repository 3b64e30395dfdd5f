"""Keeps the clock synchronised and tells when it was moved, or was told to."""

import asyncio

from micropython import const

import once
from lib import events
from lib.timebase import FLAG_MS, STEP_MS

# who set the clock, in its event; 0 is a time server, 4 the life before the reset
_HEAD_END = const(1)
_TECHNICIAN = const(2)
_BATTERY = const(3)
_SOON_MS = const(1000)  # until the time is known, or confirmed
_RETRY_MS = const(60000)  # while there is no network or no answer, once it is known
_PERIOD_MS = const(21600000)  # 6 h: a crystal of 20 ppm has drifted by half a second
_BATTERY_MS = const(10000)  # a month at 3.5 ppm, and the second's fraction
# so long they have the first word, asked again and again; then the head-end is heard
_PATIENCE_S = const(60)
_POLITE_MS = const(15000)  # RFC 4330 section 10: a server is not asked more often


class Timekeeper:
    """Asks the time servers in turn: two for the time as soon as there is a network, then one
    every six hours. When an answer is doubted the next server is asked.
    """

    def __init__(self, clock, wifi, books, battery):
        """battery: makes a drivers.ds3231, or nothing, when the start's code is gone; or None."""
        self._clock = clock
        self._wifi = wifi
        self._books = books
        self._make_battery = battery
        self._battery = None
        self._silent_s = None  # since when nobody answers

    async def run(self) -> None:
        """Keep time for ever."""
        self._begin()
        while True:
            rest_ms = _RETRY_MS if self._clock.known.is_set() else _SOON_MS
            if self._wifi.is_up():
                rest_ms = await self._synchronise()
            await asyncio.sleep_ms(rest_ms)

    def _begin(self) -> None:
        make, self._make_battery = self._make_battery, None
        if make:
            self._battery = make()
            if self._battery:
                self.told(_BATTERY, self._battery.read(), _BATTERY_MS)

    def told(self, source: int, unix_s: int | None, window_ms: int) -> None:
        """Somebody says that it was `unix_s` at most `window_ms` ago: a technician, who is
        believed, or who is heard only while the clock is not trusted.
        """
        clock = self._clock
        sure = 2 if source == _TECHNICIAN else 1
        is_heard = self._is_silence() or source == _BATTERY
        if unix_s and (sure > 1 or is_heard and not clock.is_trusted()):
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
            if was_known:
                return _RETRY_MS
            return _POLITE_MS if self._is_silence() else _SOON_MS
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

    async def _synchronise(self) -> int:
        """Ask one server; returns when to ask the next one."""
        if self._silent_s is None:
            self._silent_s = self._clock.uptime_s()
        answer = await _asked(self._clock.next_server(), self._wifi)
        was_known = self._clock.known.is_set()
        outcome = False, 0
        if answer:
            outcome = self._clock.synchronise(answer, self._books.closed_s())
        if outcome[0]:
            self._silent_s = None
            if self._battery:
                self._battery.correct(self._clock.unix_s())
        return self.note(0, was_known, outcome)

    def _is_silence(self) -> bool:
        """Whether the time servers had their time to answer."""
        since_s = self._silent_s
        return since_s is not None and self._clock.uptime_s() - since_s >= _PATIENCE_S


async def _asked(server: str, way) -> tuple | None:
    try:
        from drivers import datagrams

        return await datagrams.time_of(server, way)
    except MemoryError:  # for this moment: it is asked again, and there is the head-end
        once.sweep()
        return None
