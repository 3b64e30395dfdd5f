"""What drives a pin, told edge by edge."""

from bisect import bisect_right


class Edges:
    """High, until the first of `changes_us` (unix); each change turns the level over."""

    def __init__(self, changes_us: list[int]) -> None:
        self._changes_us = sorted(changes_us)

    def level(self, t_us: int) -> int:
        """The pin's level at `t_us`."""
        return 1 - bisect_right(self._changes_us, t_us) % 2

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When the pin next changes, in (t_us, limit_us]; None: not in that time."""
        following = bisect_right(self._changes_us, t_us)
        if following == len(self._changes_us) or self._changes_us[following] > limit_us:
            return None
        return self._changes_us[following]


def contact(start_us: int, levels_ms: list[int]) -> Edges:
    """A contact to ground from `start_us` on: open for the first of `levels_ms`, closed for the
    second, and so on; open in the end.
    """
    assert len(levels_ms) % 2 == 0
    changes_us, at_us = [], start_us
    for lasts_ms in levels_ms:
        at_us += lasts_ms * 1000
        changes_us.append(at_us)
    return Edges(changes_us)
