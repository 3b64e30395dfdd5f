"""Which tasks live: each promises to beat within a time of its own.

Times are seconds of one clock that never falls.
"""


class Hearts:
    """Last beat and promise of each task."""

    def __init__(self):
        self._within_s = {}
        self._beat_s = {}

    def expect(self, task: str, within_s: int, now_s: int) -> None:
        """`task` promises to beat at least every `within_s`."""
        self._within_s[task] = within_s
        self._beat_s[task] = now_s

    def beat(self, task: str, now_s: int) -> None:
        """`task` has just proved that it lives."""
        self._beat_s[task] = now_s

    def silent(self, now_s: int) -> list:
        """Tasks that broke their promise, in the order of their names."""
        return [
            task
            for task in sorted(self._beat_s)
            if now_s - self._beat_s[task] > self._within_s[task]
        ]
