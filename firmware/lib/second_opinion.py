"""Answers that contradict the clock: none is believed alone."""

from micropython import const

_AGREED_MS = const(10000)  # a dropped second each, and a bad crystal between them for half a day
_AGAIN_MS = const(3600000)


class SecondOpinion:
    """The one answer that waits for another to agree. Times are milliseconds."""

    def __init__(self):
        self._lag_ms = self._server = self._since_ms = None

    def is_awaited(self) -> bool:
        """Whether an answer waits."""
        return self._lag_ms is not None

    def agrees(self, server: int, unix_ms: int, at_ms: int) -> bool:
        """Whether what `server` says now was said before: by another server, or by this one an
        hour ago. If it was not said, this answer waits from now on.
        """
        lag_ms = unix_ms - at_ms
        if self.is_awaited() and abs(lag_ms - self._lag_ms) <= _AGREED_MS:
            return server != self._server or at_ms - self._since_ms >= _AGAIN_MS
        self._lag_ms, self._server, self._since_ms = lag_ms, server, at_ms
        return False

    def dismiss(self) -> None:
        """The clock was right, or what waited was believed."""
        self._lag_ms = None
