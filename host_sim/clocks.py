"""How virtual time passes: at once (discrete), N times as fast as real time (scaled), or as it
does (real).
"""

import selectors
import time
from collections.abc import Callable

HOLD_S = 0.02  # so long at a time it is held to the speed of real time
IDLE_CHECK_S = 0.001  # how often a clock that is behind schedule still looks at real sockets


class DiscreteClock:
    """Time jumps to the next event. Nothing real can take part."""

    scale: float | None = None

    def pass_time(self, now_us: int, target_us: int) -> int:
        """Let time pass from `now_us` towards `target_us`; returns where it got to."""
        return target_us


class ScaledClock:
    """Virtual time runs `scale` times as fast as real time, and real sockets and terminals take
    part.

    A real peer answers in real milliseconds, which would be minutes at a high scale. So while an
    answer is awaited (`hold()` is true) virtual time runs at the speed of real time; nothing waits
    for a peer longer than it would in the field. What the firmware spends in computing is caught
    up with afterwards, never simulated.
    """

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.hold: Callable[[], bool] = lambda: False
        self.on_idle: Callable[[], None] = lambda: None
        self._selector = selectors.DefaultSelector()
        self._due_s = time.monotonic()
        self._checked_s = self._due_s

    def watch(self, fileobj: int, ready: Callable[[], None]) -> None:
        """Call `ready()` when the real file descriptor can be read."""
        self._selector.register(fileobj, selectors.EVENT_READ, ready)

    def unwatch(self, fileobj: int) -> None:
        """Stop watching a descriptor; must come before it is closed."""
        self._selector.unregister(fileobj)

    def pass_time(self, now_us: int, target_us: int) -> int:
        """Sleep towards `target_us`; returns early, at the time reached, when something real
        happened.
        """
        while now_us < target_us:
            held = self.hold()
            rate = 1.0 if held else self.scale
            start_s = time.monotonic()
            # at most one second is ever caught up with
            self._due_s = max(self._due_s, start_s - 1.0)
            end_s = self._due_s + (target_us - now_us) / 1e6 / rate
            if rate == 1.0:
                end_s = start_s + (target_us - now_us) / 1e6
            if held and end_s > start_s + HOLD_S:
                end_s = start_s + HOLD_S
                if not self._wait_until(end_s):  # nothing may end it but that its time is over
                    self._due_s = end_s
                    now_us += int(HOLD_S * 1e6)
                    continue
            elif not self._wait_until(end_s):
                self._due_s = end_s
                return target_us
            reached_s = time.monotonic()
            passed_us = int((reached_s - (start_s if rate == 1.0 else self._due_s)) * 1e6 * rate)
            self._due_s = reached_s
            return min(target_us, now_us + max(0, passed_us))
        return target_us

    def _wait_until(self, end_s: float) -> bool:
        """Wait for real events until `end_s`; true if there were any."""
        now_s = time.monotonic()
        if now_s >= end_s and now_s - self._checked_s < IDLE_CHECK_S:
            return False
        while True:
            self.on_idle()
            self._checked_s = now_s = time.monotonic()
            ready = self._selector.select(min(max(0.0, end_s - now_s), 0.2))
            for key, _ in ready:
                key.data()
            if ready:
                return True
            if time.monotonic() >= end_s:
                return False


class RealClock(ScaledClock):
    """Real time: scale one."""

    def __init__(self) -> None:
        super().__init__(1.0)
