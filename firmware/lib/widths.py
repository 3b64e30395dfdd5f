"""How long a contact closes, opens and bounces: to choose what tells a pulse from a bounce."""

_NONE = 1 << 29


class Widths:
    """Stands in for the lib.debounce.Debounce of an input, which goes on counting, while somebody
    measures.

    closed_ms, open_ms: the shortest level that counted, None where none has come; bounce_ms: the
    longest that did not count, 0 where none has come.
    """

    def __init__(self, inner):
        self.inner = inner
        self._quiet_ms = 0
        self._span_ms = 0  # from when the level began that counts, to the last edge
        self._is_begun = False  # nobody knows when the first one began
        self._closed_ms = self._open_ms = _NONE
        self.bounce_ms = 0

    @property
    def pulses(self) -> int:
        """As it counts them."""
        return self.inner.pulses

    @property
    def bounces(self) -> int:
        """As it counts them."""
        return self.inner.bounces

    @property
    def level(self) -> bool:
        """As of the last edge."""
        return self.inner.level

    @property
    def closed_ms(self) -> int | None:
        """Of the shortest pulse."""
        return None if self._closed_ms == _NONE else self._closed_ms

    @property
    def open_ms(self) -> int | None:
        """Of the shortest pause."""
        return None if self._open_ms == _NONE else self._open_ms

    def settle(self, quiet_ms: int) -> None:
        """There was no edge for `quiet_ms`."""
        inner, self._quiet_ms = self.inner, quiet_ms
        was_closed = inner.is_closed
        inner.settle(quiet_ms)
        if inner.is_closed == was_closed:
            return
        if self._is_begun and was_closed:
            self._closed_ms = min(self._closed_ms, self._span_ms)
        elif self._is_begun:
            self._open_ms = min(self._open_ms, self._span_ms)
        self._is_begun = True
        self._span_ms = 0

    def edge(self, closed: bool) -> None:
        """The level before has lasted for as long as settle() was told just now."""
        bounces, is_same = self.inner.bounces, closed == self.inner.level
        self.inner.edge(closed)
        self._span_ms += self._quiet_ms
        # to the level that was there already: how long the one between was, nobody saw
        if self.inner.bounces != bounces and not is_same:
            self.bounce_ms = max(self.bounce_ms, self._quiet_ms)
