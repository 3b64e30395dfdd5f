"""What time it is: seconds since boot that never wrap, and UTC once a time server has answered.

The only module that knows wall time. Until the first synchronisation `unix_s()` is None, and
nothing invents a time.
"""

import asyncio
import time

import ntptime
from micropython import const

_EPOCH_2000_UNIX_S = const(946684800)  # ESP32's time and ntptime count from 2000
# 2024-01-01, where ntptime turns over its 32-bit seconds: an answer before that is garbage or
# spoofed.
_PLAUSIBLE_FROM_UNIX_S = const(1704067200)
# below, the clock is moved in silence; above, the move is flagged (WO2012054418)
_STEP_S = const(300)


class Clock:
    """Monotonic seconds from `ticks_ms`, and the offset that makes them UTC.

    known: an asyncio.Event that is set once UTC is known.

    `ticks_ms` wraps every 12.4 days and its differences hold for 6.2: something must ask for the
    time more often.
    """

    def __init__(self, ntp_host: str):
        ntptime.host = ntp_host
        self.moved_s = 0
        self.known = asyncio.Event()
        self._ticks_ms = time.ticks_ms()
        self._rest_ms = 0
        self._uptime_s = 0
        self._boot_unix_s = None

    def uptime_s(self) -> int:
        """Whole seconds since the clock was made; never falls."""
        now_ms = time.ticks_ms()
        self._rest_ms += time.ticks_diff(now_ms, self._ticks_ms)
        self._ticks_ms = now_ms
        self._uptime_s += self._rest_ms // 1000
        self._rest_ms %= 1000
        return self._uptime_s

    def unix_s(self) -> int | None:
        """UTC, or None while it is not known."""
        if self._boot_unix_s is None:
            return None
        return self._boot_unix_s + self.uptime_s()

    def ms_until(self, unix_s: int) -> int:
        """How long until UTC is `unix_s`; never negative. The clock must be known."""
        left_s = unix_s - self.unix_s()
        return max(0, left_s * 1000 - self._rest_ms)

    def synchronise(self) -> bool:
        """Ask the time server once (blocks a second at the most); true if the clock is right
        afterwards.

        A move of five minutes or more is kept in `moved_s`, for whoever flags the interval.
        """
        try:
            true_unix_s = ntptime.time() + _EPOCH_2000_UNIX_S
        except (OSError, IndexError):
            # no network, no answer, or a datagram too short to hold a time
            return False
        if true_unix_s < _PLAUSIBLE_FROM_UNIX_S:
            return False
        uptime_s = self.uptime_s()
        boot_unix_s = true_unix_s - uptime_s
        if self._boot_unix_s is not None and abs(boot_unix_s - self._boot_unix_s) >= _STEP_S:
            self.moved_s = boot_unix_s - self._boot_unix_s
        self._boot_unix_s = boot_unix_s
        self.known.set()
        return True
