"""Mains at the collector: there, but for some outages; the sense pin is high meanwhile."""

from bisect import bisect_right


class Mains:
    """Outages as (unix us, length in us); they do not overlap."""

    def __init__(self, outages: list[tuple[int, int]]) -> None:
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
