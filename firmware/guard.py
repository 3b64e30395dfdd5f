"""Guards what was counted when the supply fails, and tells of outages: no erase is begun, the
registers are saved while the capacitor lasts, and where there is a battery the head-end is told.
"""

import asyncio
import time

from micropython import const

import once
from lib import events

_LOOK_MS = const(50)
# So long mains must be there for an outage to be over. One that comes soon after another makes it
# twice as long: a contact that chatters is one outage, and not thousands.
_STEADY_MS = const(500)
_STEADY_MAX_MS = const(32000)
_SOON_MS = const(60000)
# After a start: what has failed for good comes and goes for some seconds (three restarts in two).
_SETTLED_MS = const(10000)
_NOT_ASKED = const(-1)  # the meter, in an outage
_TIME_MS = const(600000)  # so long the end of an outage waits for the time to be known


class Guard:
    """Waits for mains to go, and to come back.

    at_once: types of events of an outage, longer than the hold, that the uplink tells at once.
    """

    def __init__(self, clock, books, pulses, journal, mains, line, hold_s: int, pending, uplink):
        """line: the drivers.modbus.SlaveState of the meter, None where there is none. pending: of
        an outage that the life before did not see end (lib/outage.py), or None.
        """
        self._clock = clock
        self._books = books
        self._pulses = pulses
        self._journal = journal
        self._mains = mains
        self._line = line
        self._hold_s = hold_s
        self._pending = pending
        self._uplink = uplink
        self.at_once: tuple = events.AFTER_HOLD
        self._steady_ms = _STEADY_MS
        self._over_ms = time.ticks_add(time.ticks_ms(), -_SOON_MS)

    async def run(self) -> None:
        """Guard for ever."""
        pending, self._pending = self._pending, None
        if pending:
            await self._resume(*pending)
        while True:
            if self._mains.is_there():
                await self._mains.change()
            else:
                await self._outage()

    async def _resume(self, lost_s: int, restarts: int) -> None:
        """See an outage to its end that this life began in."""
        self._journal.mains_lost = True
        back_s = await self._back(0, _SETTLED_MS)
        began_ms = time.ticks_ms()
        while not self._clock.known.is_set() and self._mains.is_there():
            if time.ticks_diff(time.ticks_ms(), began_ms) > _TIME_MS:
                break
            await asyncio.sleep_ms(_LOOK_MS)
        self._tell_end(lost_s, back_s, None, restarts + 1, _NOT_ASKED)

    async def _outage(self) -> None:
        """From the loss to the end."""
        is_soon = time.ticks_diff(time.ticks_ms(), self._over_ms) < _SOON_MS
        self._steady_ms = min(2 * self._steady_ms, _STEADY_MAX_MS) if is_soon else _STEADY_MS
        # The registers first: whatever comes after may not get into flash any more.
        self._journal.mains_lost = True
        self._pulses.look()
        self._books.checkpoint()
        seq = self._books.event(events.MAINS_LOST)
        since_s, lost_s = self._clock.uptime_s(), self._clock.unix_s() or 0
        before = self._line and (self._line.requests, self._line.answers)
        back_s = await self._back(seq, self._steady_ms)
        self._tell_end(lost_s, back_s, back_s - since_s, 0, self._heard(before))

    async def _back(self, seq: int, steady_ms: int) -> int:
        """Wait until mains is there to stay; the uptime when it came. seq: of what is told when
        the hold is over.
        """
        lost_ms = back_ms = time.ticks_ms()
        back_s = None
        while True:
            now_ms = time.ticks_ms()
            if not self._mains.is_there():
                self._journal.mains_lost = True
                back_s = None
                if seq and time.ticks_diff(now_ms, lost_ms) >= self._hold_s * 1000:
                    self._tell(events.MAINS_LOST, seq)
                    seq = 0
            elif back_s is None:
                back_ms, back_s = now_ms, self._clock.uptime_s()
            elif time.ticks_diff(now_ms, back_ms) >= steady_ms:
                self._journal.mains_lost = False
                self._journal.prepare()  # for the next one, which may come soon
                self._over_ms = now_ms
                return back_s
            await asyncio.sleep_ms(_LOOK_MS)

    def _heard(self, before: tuple | None) -> int:
        """Whether the meter lived meanwhile: one that answers has mains, and it is the collector's
        own supply that failed; one that is silent has lost it too.
        """
        if before is None or self._line.requests == before[0]:
            return _NOT_ASKED
        return int(self._line.answers > before[1])

    def _tell_end(self, lost_s: int, back_s: int, lasted_s, restarts: int, meter: int) -> None:
        from lib import outage

        once.forget("lib.outage")
        unix_s = self._clock.unix_s()
        if unix_s:
            back_s += unix_s - self._clock.uptime_s()
        told = outage.told(lost_s, back_s if unix_s else 0, lasted_s, restarts, self._hold_s)
        seq = self._books.event(events.MAINS_BACK, told + (meter,))
        if seq and told[-1] != outage.DIP:
            self._tell(events.MAINS_BACK, seq)

    def _tell(self, kind: int, seq: int) -> None:
        # Not a function of assembly.py's: all of that module's code would stay with it, 5 KB.
        if kind in self.at_once:
            self._uplink.feed.ahead(seq)
            self._uplink.wake()
