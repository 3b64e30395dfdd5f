"""Export above the power that was approved for the site, by the register of received energy.

A register says what has flowed to a step of its own, and up to two minutes late: so much of a
difference of two readings is doubt. An excess is told when the average since it began is above the
approved power beyond doubt, for longer than it may be; its end, when the average since the last
reading that was still above is below it beyond doubt. A dip that is as certain begins the time
anew. Between two readings only the average is known, however far apart they are: a meter that was
silent for hours counts with its average over them. Nothing is known of the time before the first
reading of a boot.
"""

from micropython import const

from lib import events

_LATE_S = const(120)  # as lib/trust.py has it; beside it whole seconds and retries do not matter
_WH_WS = const(3600)
_FLOAT_BITS = const(23)  # of a float32 that holds the register


class Export:
    """The judge. A point is (register in Wh, uptime in seconds)."""

    def __init__(self, approved_w: int, hold_s: int, step_wh: int):
        """hold_s: for how long the power may be exceeded. step_wh: the register's."""
        self._approved_w = approved_w
        self._hold_s = hold_s
        self._step_wh = step_wh
        self._low = None

    def take(self, register: int, now_s: int) -> tuple | None:
        """A reading that is believed: (event, its values) when there is something to tell."""
        now = register, now_s
        if self._low is None or not self._is_told and self._excess_ws(self._low, now) <= 0:
            return self._begin(now)
        if self._excess_ws(self._high, now) >= 0:
            self._high = now
        if now_s - self._peak_from[1] >= self._hold_s:
            self._peak_w = max(self._peak_w, _average_w(self._peak_from, now))
            self._peak_from = now
        low, high = self._low, self._high
        lasted_s = high[1] - low[1]
        step_wh = self._step_wh + (register >> _FLOAT_BITS)
        doubt_ws = _WH_WS * step_wh + self._approved_w * _LATE_S
        if self._excess_ws(now, high) > doubt_ws:
            told = (events.EXPORT_WITHIN, (lasted_s, self._peak_w)) if self._is_told else None
            self._begin(now)
            return told
        if self._is_told or lasted_s <= self._hold_s or self._excess_ws(low, high) <= doubt_ws:
            return None
        self._is_told = True
        power_w = _average_w(low, high)
        self._peak_w = max(self._peak_w, power_w)
        return events.EXPORT_ABOVE, (power_w, self._approved_w)

    def _begin(self, now: tuple) -> None:
        """No excess so far: low is where one would begin, high where it last grew, peak_from where
        the average begins that may be the highest.
        """
        self._low = self._high = self._peak_from = now
        self._peak_w = 0
        self._is_told = False

    def _excess_ws(self, before: tuple, after: tuple) -> int:
        """What was exported between two points beyond the approved power; less is negative."""
        energy_wh, elapsed_s = after[0] - before[0], after[1] - before[1]
        return _WH_WS * energy_wh - self._approved_w * elapsed_s


def _average_w(before: tuple, after: tuple) -> int:
    return _WH_WS * (after[0] - before[0]) // (after[1] - before[1])
