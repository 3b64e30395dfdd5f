"""What time it is: a count of milliseconds since boot, and UTC once a time server has answered.

The only module that knows wall time. Until the first synchronisation `unix_s()` is None, and
nothing invents a time. How UTC is kept, and which answers are believed: lib/timebase.py.
"""

import asyncio
import struct
import time
from binascii import crc32

from micropython import const

from lib.timebase import Timebase

_LEGACY = const("<BIIIQIb")  # lib/legacy.py
# An answer outside is garbage or spoofed: 2024-01-01 and 2100-01-01.
_PLAUSIBLE_FROM_UNIX_S = const(1704067200)
_PLAUSIBLE_UNTIL_UNIX_S = const(4102444800)


class Clock:
    """A monotonic count from `ticks_ms`, and UTC over it.

    known: an asyncio.Event that is set once UTC is known. boot: the journal's number of this life.

    `ticks_ms` wraps every 12.4 days and its differences hold for 6.2: something must ask for the
    time more often.
    """

    def __init__(self, ntp_hosts: str, memory):
        """ntp_hosts: names or addresses, separated by commas; memory: the chip's RTC memory, a
        function (lib/legacy.py).
        """
        self.known = asyncio.Event()
        self.boot = 0
        self.memory = memory
        self._hosts = [host.strip() for host in ntp_hosts.split(",")]
        self._server = -1
        self.timebase = Timebase()
        self._ticks_ms = time.ticks_ms()
        self._uptime_ms = 0

    def uptime_s(self) -> int:
        """Whole seconds since the clock was made; never falls."""
        return self._now_ms() // 1000

    def unix_s(self) -> int | None:
        """UTC, or None while it is not known."""
        if not self.timebase.is_known():
            return None
        return self.timebase.unix_ms(self._now_ms()) // 1000

    def now_s(self) -> int:
        """UTC, or the uptime while that is not known."""
        return self.unix_s() or self.uptime_s()

    def is_trusted(self) -> bool:
        """Whether UTC is known, and was synchronised lately enough to be right within 30 s."""
        return self.timebase.is_trusted(self._now_ms())

    def ms_until(self, then_s: int) -> int:
        """How long until now_s() is `then_s`; never negative."""
        now_ms = self._now_ms()
        if not self.timebase.is_known():
            return max(0, then_s * 1000 - now_ms)
        return self.timebase.ms_until(then_s * 1000, now_ms)

    def stamp(self, asked: int = 0) -> None:
        """Leave to the next life what this one knows, should it end now; asked: why, if the
        firmware is going to end it itself (lib/legacy.py).
        """
        at_ms = self._now_ms()
        base = self.timebase
        unix_ms = doubt_ms = 0
        if base.is_known():
            unix_ms, doubt_ms = base.aim_ms(at_ms), base.doubt_ms(at_ms)
        left = (asked, self.boot, at_ms // 1000, time.time(), unix_ms, doubt_ms, base.rate_ppm)
        data = struct.pack(_LEGACY, *left)
        before = self.memory()
        data += struct.pack("<I", crc32(data))
        self.memory(before[:5] + data + before[5 + len(data) :])

    def next_server(self) -> str:
        """The name of the time server that is to be asked now."""
        self._server = (self._server + 1) % len(self._hosts)
        return self._hosts[self._server]

    def synchronise(self, answer: tuple, floor_s: int) -> tuple:
        """The answer (UTC in milliseconds, how long ago at the most) of the server that was asked:
        whether it is believed, and by how many milliseconds it moves the clock, or would have
        (lib/timebase.py). floor_s: UTC was that already.
        """
        unix_ms, window_ms = answer
        sure = int(len(self._hosts) == 1)
        return self.take(self._server, unix_ms, window_ms, floor_s, sure)

    def take(self, server: int, unix_ms: int, window_ms: int, floor_s: int, sure: int) -> tuple:
        """The same of what anybody says: it was `unix_ms` at most `window_ms` ago. sure: as for
        lib/timebase.py.
        """
        if not _PLAUSIBLE_FROM_UNIX_S <= unix_ms // 1000 < _PLAUSIBLE_UNTIL_UNIX_S:
            return False, 0
        outcome = self.timebase.take(
            server, unix_ms, unix_ms + window_ms, self._now_ms(), floor_s * 1000, sure
        )
        if outcome[0]:
            self.known.set()
        return outcome

    def _now_ms(self) -> int:
        ticks_ms = time.ticks_ms()
        self._uptime_ms += time.ticks_diff(ticks_ms, self._ticks_ms)
        self._ticks_ms = ticks_ms
        return self._uptime_ms
