"""Guards what was counted when the supply fails: no erase is begun, and the registers are saved
while the capacitor lasts.
"""

from lib import events


class Guard:
    """Waits for mains to go, and to come back."""

    def __init__(self, clock, books, pulses, journal, mains):
        self._clock = clock
        self._books = books
        self._pulses = pulses
        self._journal = journal
        self._mains = mains
        self._lost_s = 0

    async def run(self) -> None:
        """Guard for ever."""
        while True:
            is_there = self._mains.is_there()
            if is_there == self._journal.mains_lost:
                if is_there:
                    self._back()
                else:
                    self._lost()
            await self._mains.change()

    def _lost(self) -> None:
        # The registers first: whatever comes after may not get into flash any more.
        self._journal.mains_lost = True
        self._pulses.look()
        self._books.checkpoint()
        self._lost_s = self._clock.uptime_s()
        self._books.event(events.MAINS_LOST)

    def _back(self) -> None:
        self._journal.mains_lost = False
        self._books.event(events.MAINS_BACK, (self._clock.uptime_s() - self._lost_s,))
