"""Closes the water main when a leak's alarm says so, or a person; opens it for a person only.
LEAKS.md has the rules. Loaded only where a valve is wired.
"""

import asyncio

from micropython import const

from lib import events

_RULE = const(1)  # lib/valve.py
_PERSON = const(2)
_CHECK_MS = const(600000)  # so long it is watched whether the flow has stopped
_CREPT = const(1)  # pulses: the dial may have stood just before one


class Shutoff:
    """count: the input of the water, one of pulses.counts. closes_on: bits of the rules
    (lib/leak.py). last: what lib/valve.py found.
    """

    def __init__(self, valve, books, pulses, count, closes_on: int, last: tuple | None):
        self._valve = valve
        self._books = books
        self._pulses = pulses
        self._count = count
        self._closes_on = closes_on
        self._is_closed = bool(last and last[0])
        # What a person has opened stays open until the alarm is over.
        self._is_overridden = last == (0, _PERSON)
        self._order = 0, _PERSON
        self._wake = asyncio.Event()

    def alarms(self, active: int) -> None:
        """The rules whose alarm is on now, as bits."""
        if not active & self._closes_on:
            self._is_overridden = False
        elif not (self._is_closed or self._is_overridden):
            self._ask(1, _RULE)

    def order(self, closed: int) -> None:
        """A person wants it closed (1) or open (0)."""
        self._is_overridden = not closed
        self._ask(closed, _PERSON)

    async def run(self) -> None:
        """Move it when somebody asks, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            closed, by = self._order
            await self._valve.move(closed)
            self._books.event(events.VALVE_MOVED, (closed, by))
            if closed:
                await self._check()

    def _ask(self, closed: int, by: int) -> None:
        self._is_closed = bool(closed)
        self._order = closed, by
        self._wake.set()

    async def _check(self) -> None:
        """Tell whether it has stopped; not where somebody asks for something else meanwhile."""
        register = self._count.register
        self._pulses.look()
        before = register.register
        try:
            await asyncio.wait_for_ms(self._wake.wait(), _CHECK_MS)
        except asyncio.TimeoutError:
            self._pulses.look()
            volume = register.register - before
            flows = int(volume * register.den > _CREPT * register.num)
            self._books.event(events.VALVE_CHECKED, (flows, volume))
