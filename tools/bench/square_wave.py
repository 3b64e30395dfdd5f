"""A clean contact at a steady rate, as a pin and as a hardware counter see it."""

from host_sim.models.pulses import MAX_FILTER_NS


class SquareWave:
    """Closed (low) and open for `half_us` each, `pulses` times from `start_us` (unix) on; open
    before and after.
    """

    def __init__(self, start_us: int, half_us: int, pulses: int) -> None:
        self._start_us = start_us
        self._half_us = half_us
        self._pulses = pulses

    def level(self, t_us: int) -> int:
        """The pin's level at `t_us`."""
        half = (t_us - self._start_us) // self._half_us
        return half % 2 if 0 <= half < 2 * self._pulses else 1

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When the pin next changes, in (t_us, limit_us]; None: not in that time."""
        half = max(0, (t_us - self._start_us) // self._half_us + 1)
        at_us = self._start_us + half * self._half_us
        return at_us if half < 2 * self._pulses and at_us <= limit_us else None

    def counter(self, filter_ns: int, edge: str = "rising") -> "Tally":
        """What a hardware counter with this glitch filter sees of it."""
        reach_ns = min(filter_ns, MAX_FILTER_NS)
        if self._half_us * 1000 < reach_ns:
            return Tally(0, 1, 0)
        first_us = self._start_us + (self._half_us if edge == "rising" else 0)
        return Tally(first_us + -(-reach_ns // 1000), 2 * self._half_us, self._pulses)


class Tally:
    """`pulses` counted one by one, each `period_us`, the first at `first_us`."""

    def __init__(self, first_us: int, period_us: int, pulses: int) -> None:
        self._first_us = first_us
        self._period_us = period_us
        self._pulses = pulses

    def value(self, now_us: int) -> int:
        """The count at `now_us` (unix)."""
        done = (now_us - self._first_us) // self._period_us + 1
        return min(self._pulses, max(0, done))
