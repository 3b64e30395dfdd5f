"""UTC over a monotonic count of milliseconds that never wraps. No clock here: the caller counts.

An answer of a time server is a window: the earliest and the latest UTC it can mean. What is kept
moves into the window by the shortest way, and so does the crystal's rate: an answer that fits
moves nothing, and one that is right can only bring both nearer to the truth.

A move of less than STEP_MS is slewed, by 10 ms in a second: 5 min take 8 h, an hour is meanwhile
36 s longer or shorter at the most, and time never stands still or goes backward. Any other is a
step. From FLAG_MS on, and the first time, two answers must agree. (The limits are those of
WO2012054418.)
"""

from micropython import const

FLAG_MS = const(300000)  # below, one answer moves the clock in silence; from here on two, told
STEP_MS = const(900000)  # from here on the clock is not slewed, but set

_MILLION = const(1000000)
_SLEW_PPM = const(10000)
# what a crystal can be wrong by, ageing and temperature included
_CRYSTAL_PPM = const(100)
# One answer turns the rate by no more: a wrong one does 0.7 s of harm in six hours.
_TURN_PPM = const(32)
# The rate is measured over a day at the most: at the same hour of it it is as warm again.
_BASE_MS = const(86400000)
# Beyond, a reading is no longer the boundary's (lib/interval.py).
_TRUSTED_MS = const(30000)
# Two agree: a dropped second each, and a bad crystal between them for half a day.
_AGREED_MS = const(10000)
# How long a server must insist when no other answers; for the first time, unless that lies before
# what the journal holds, less.
_AGAIN_MS = const(3600000)
_FIRST_AGAIN_MS = const(60000)


class Timebase:
    """UTC in milliseconds; `at_ms` is always the present count, and never falls.

    rate_ppm: how much faster UTC runs than the count.
    """

    def __init__(self):
        self.rate_ppm = 0
        self._at_ms = self._unix_ms = None  # the last answer, and what was kept then
        self._doubt_ms = 0  # how wrong that may have been
        self._slew_ms = 0  # what was to be slewed then
        self._base = (0, 0, 0)  # (count, earliest, latest): from where the rate is measured
        self._doubted = None  # (UTC less count, server, count) of what waits for a second answer

    def is_known(self) -> bool:
        """Whether there was an answer yet; without one there is no UTC to ask for."""
        return self._at_ms is not None

    def unix_ms(self, at_ms: int) -> int:
        """UTC; it falls in a step only."""
        passed_ms = at_ms - self._at_ms
        gained_ns = passed_ms * self.rate_ppm + self._slewed_ns(passed_ms)
        return self._unix_ms + passed_ms + gained_ns // _MILLION

    def aim_ms(self, at_ms: int) -> int:
        """UTC when all is slewed that is to be: the best that is known of it."""
        left_ms = self._slew_ms - self._slewed_ns(at_ms - self._at_ms) // _MILLION
        return self.unix_ms(at_ms) + left_ms

    def ms_until(self, unix_ms: int, at_ms: int) -> int:
        """How long until UTC is `unix_ms`, to a millisecond; 0 when it has been."""
        left_ms = 0
        for _ in range(4):  # each round comes a hundred times nearer, such is the slew
            left_ms += unix_ms - self.unix_ms(at_ms + left_ms)
            if left_ms <= 0:
                return 0
        return left_ms

    def is_trusted(self, at_ms: int) -> bool:
        """Whether the time is within 30 s if the last answer was right and the crystal is not
        broken: for 3.4 days after it. What is still to be slewed does not count.
        """
        return self._at_ms is not None and self.doubt_ms(at_ms) <= _TRUSTED_MS

    def doubt_ms(self, at_ms: int) -> int:
        """How wrong the time may be."""
        return self._doubt_ms + (at_ms - self._at_ms) * _CRYSTAL_PPM // _MILLION

    def take(
        self, server: int, earliest_ms: int, latest_ms: int, at_ms: int, floor_ms=0, sure=0
    ) -> tuple:
        """An answer: (whether it is believed, what it moves the clock by beyond what is being
        slewed already). The move of one that is not believed is told once, until one is.

        The first one, and what moves the clock by FLAG_MS or more, needs another server that says
        the same, or this one later. The clock is set to the earliest meaning of an answer: what is
        read at a boundary must not be from before it.

        floor_ms: what the first one must not be before. sure: 1, it may be the first without
        another; 2, the clock is set to it in any case.
        """
        is_first = self._at_ms is None
        if is_first:
            off_ms = min(0, latest_ms - floor_ms)
            again_ms = _AGAIN_MS if off_ms else 0 if sure else _FIRST_AGAIN_MS
        else:
            aim_ms = self.aim_ms(at_ms)
            off_ms = min(0, latest_ms - aim_ms) or max(0, earliest_ms - aim_ms)
            again_ms = _AGAIN_MS if abs(off_ms) >= FLAG_MS else 0
        doubted = self._doubted
        if sure > 1:
            again_ms = 0
        if again_ms and not self._is_confirmed(server, earliest_ms - at_ms, at_ms, again_ms):
            return False, 0 if doubted else off_ms
        self._doubted = None
        if is_first or sure > 1 or abs(off_ms) >= STEP_MS:
            self._unix_ms, self._slew_ms = earliest_ms, 0
            self._base = at_ms, earliest_ms, latest_ms
        else:
            now_ms = self.unix_ms(at_ms)
            self._slew_ms = self.aim_ms(at_ms) - now_ms + off_ms
            self._unix_ms = now_ms
            self._measure(earliest_ms, latest_ms, at_ms)
        self._at_ms, self._doubt_ms = at_ms, latest_ms - earliest_ms
        return True, off_ms

    def _slewed_ns(self, passed_ms: int) -> int:
        """What of the slew is done."""
        most_ns = passed_ms * _SLEW_PPM
        return max(-most_ns, min(most_ns, self._slew_ms * _MILLION))

    def _is_confirmed(self, server: int, lag_ms: int, at_ms: int, again_ms: int) -> bool:
        """Whether this was said before; if not, it waits from now on."""
        if self._doubted:
            doubted_ms, who, since_ms = self._doubted
            if abs(lag_ms - doubted_ms) <= _AGREED_MS:
                return server != who or at_ms - since_ms >= again_ms
        self._doubted = lag_ms, server, at_ms
        return False

    def _measure(self, earliest_ms: int, latest_ms: int, at_ms: int) -> None:
        """Turn the rate to where it fits this answer and the base's."""
        base_ms, base_earliest_ms, base_latest_ms = self._base
        span_ms = at_ms - base_ms
        if not span_ms:
            return
        least_ppm = (earliest_ms - base_latest_ms - span_ms) * _MILLION // span_ms
        most_ppm = (latest_ms - base_earliest_ms - span_ms) * _MILLION // span_ms + 1
        is_crystal = least_ppm <= _CRYSTAL_PPM and most_ppm >= -_CRYSTAL_PPM
        if is_crystal:
            turned_ppm = max(least_ppm, min(most_ppm, self.rate_ppm)) - self.rate_ppm
            rate_ppm = self.rate_ppm + max(-_TURN_PPM, min(_TURN_PPM, turned_ppm))
            self.rate_ppm = max(-_CRYSTAL_PPM, min(_CRYSTAL_PPM, rate_ppm))
        if not is_crystal or span_ms >= _BASE_MS:
            self._base = at_ms, earliest_ms, latest_ms
