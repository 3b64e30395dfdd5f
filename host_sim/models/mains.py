"""Mains at the collector: there, but for some outages; the sense pin is high meanwhile, and a
divider before the regulator shows a voltage.
"""

from bisect import bisect_right

FULL_UV = 2_200_000


class Mains:
    """Outages as (unix us, length in us); they do not overlap. fall_us: how long the divider's
    voltage takes to fall to nothing.
    """

    def __init__(self, outages: list[tuple[int, int]], fall_us: int = 0) -> None:
        self._fall_us = fall_us
        self._changes = sorted(
            change
            for from_us, lasts_us in outages
            for change in ((from_us, 0), (from_us + lasts_us, 1))
        )

    def level(self, t_us: int) -> int:
        """1 while there is mains."""
        done = bisect_right(self._changes, (t_us, 2))
        return self._changes[done - 1][1] if done else 1

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When mains next comes or goes, in (t_us, limit_us]; None: not in that time."""
        following = bisect_right(self._changes, (t_us, 2))
        if following == len(self._changes) or self._changes[following][0] > limit_us:
            return None
        return self._changes[following][0]

    def voltage_uv(self, t_us: int) -> int:
        """At the divider: full while there is mains, then it falls evenly."""
        if self.level(t_us):
            return FULL_UV
        lost_us, _ = self._changes[bisect_right(self._changes, (t_us, 2)) - 1]
        left_us = lost_us + self._fall_us - t_us
        return max(0, FULL_UV * left_us // self._fall_us) if self._fall_us else 0
