"""A contact that bounces: a level counts only when it has lasted.

A reed bounces for a millisecond when it closes, and for longer when the magnet leaves slowly, so
each edge has a minimum of its own. No clock here: the caller says how long ago the last edge was.
"""


class Debounce:
    """One contact. pulses: closings that lasted. bounces: changes that did not, and
    went back. level: whether it is closed, as of the last edge; is_closed: by what has lasted."""

    def __init__(self, min_closed_ms: int, min_open_ms: int, is_closed: bool):
        self.pulses = 0
        self.bounces = 0
        self.is_closed = is_closed
        self.level = is_closed
        self._min_closed_ms = min_closed_ms
        self._min_open_ms = min_open_ms

    def settle(self, quiet_ms: int) -> None:
        """There was no edge for `quiet_ms`: long enough, and the level is true."""
        least_ms = self._min_closed_ms if self.level else self._min_open_ms
        if self.level != self.is_closed and quiet_ms >= least_ms:
            self.is_closed = self.level
            if self.level:
                self.pulses += 1

    def edge(self, closed: bool) -> None:
        """The contact is `closed` now; settle() comes first.

        An edge to the level that was there already means that two came in between unseen.
        """
        if closed == self.level or self.level != self.is_closed:
            self.bounces += 1
        self.level = closed
