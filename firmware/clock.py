"""What time it is: a count of milliseconds since boot, and UTC once a time server has answered.

The only module that knows wall time. Until the first synchronisation `unix_s()` is None, and
nothing invents a time. How UTC is kept: lib/timebase.py; whom to believe: lib/second_opinion.py.
"""

import asyncio
import time

import ntptime
from micropython import const

from lib.second_opinion import SecondOpinion
from lib.timebase import FLAG_MS, STEP_MS, Timebase

_EPOCH_2000_UNIX_S = const(946684800)  # ESP32's time and ntptime count from 2000
# An answer outside is garbage or spoofed: 2024-01-01, where ntptime turns over its 32-bit seconds,
# and 2100-01-01.
_PLAUSIBLE_FROM_UNIX_S = const(1704067200)
_PLAUSIBLE_UNTIL_UNIX_S = const(4102444800)


class Clock:
    """A monotonic count from `ticks_ms`, and UTC over it.

    known: an asyncio.Event that is set once UTC is known.
    moved_s, stepped_s: a move of 5 min or more, and what of it was a step; doubted_s: how far off
        an answer is that was not believed. For somebody to tell, who then sets them to 0.

    `ticks_ms` wraps every 12.4 days and its differences hold for 6.2: something must ask for the
    time more often.
    """

    def __init__(self, ntp_hosts: str):
        """ntp_hosts: names or addresses, separated by commas."""
        self.known = asyncio.Event()
        self.moved_s = self.stepped_s = self.doubted_s = 0
        self._hosts = [host.strip() for host in ntp_hosts.split(",")]
        self._server = -1
        self._timebase = Timebase()
        self._opinion = SecondOpinion()
        self._ticks_ms = time.ticks_ms()
        self._uptime_ms = 0

    def uptime_s(self) -> int:
        """Whole seconds since the clock was made; never falls."""
        return self._now_ms() // 1000

    def unix_s(self) -> int | None:
        """UTC, or None while it is not known."""
        if not self._timebase.is_known():
            return None
        return self._timebase.unix_ms(self._now_ms()) // 1000

    def is_trusted(self) -> bool:
        """Whether UTC is known, and was synchronised lately enough to be right within 30 s."""
        return self._timebase.is_trusted(self._now_ms())

    def ms_until(self, unix_s: int) -> int:
        """How long until UTC is `unix_s`; never negative. The clock must be known."""
        return self._timebase.ms_until(unix_s * 1000, self._now_ms())

    def synchronise(self) -> bool:
        """Ask the next time server once (blocks a second at the most, and for its name); true if
        the answer was believed.

        One that is off by 15 min or more is not, until a second one agrees.
        """
        self._server = (self._server + 1) % len(self._hosts)
        ntptime.host = self._hosts[self._server]
        asked_ms = self._now_ms()
        try:
            unix_s = ntptime.time() + _EPOCH_2000_UNIX_S
        except (OSError, IndexError):
            # no network, no answer, or a datagram too short to hold a time
            return False
        if not _PLAUSIBLE_FROM_UNIX_S <= unix_s < _PLAUSIBLE_UNTIL_UNIX_S:
            return False
        now_ms = self._now_ms()
        # ntptime drops the fraction, and nobody knows how long the answer was on its way.
        earliest_ms = unix_s * 1000
        return self._judge(earliest_ms, earliest_ms + 1000 + now_ms - asked_ms, now_ms)

    def _judge(self, earliest_ms: int, latest_ms: int, now_ms: int) -> bool:
        timebase, opinion = self._timebase, self._opinion
        if timebase.is_known():
            off_ms = timebase.off_ms(earliest_ms, latest_ms, now_ms)
            is_step = abs(off_ms) >= STEP_MS
            if is_step:
                was_awaited = opinion.is_awaited()
                if not opinion.agrees(self._server, earliest_ms, now_ms):
                    self.doubted_s = 0 if was_awaited else off_ms // 1000
                    return False
            if abs(off_ms) >= FLAG_MS:
                self.moved_s = off_ms // 1000
                self.stepped_s = self.moved_s if is_step else 0
        opinion.dismiss()
        timebase.take(earliest_ms, latest_ms, now_ms)
        self.known.set()
        return True

    def _now_ms(self) -> int:
        ticks_ms = time.ticks_ms()
        self._uptime_ms += time.ticks_diff(ticks_ms, self._ticks_ms)
        self._ticks_ms = ticks_ms
        return self._uptime_ms
