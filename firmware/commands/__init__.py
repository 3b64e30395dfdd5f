"""Hears what the head-end asks, and replies to each command; deeds.py does it."""

from micropython import const

import once

_TEXT_BYTES = const(256)  # lib/command.py
_REPLIES_MAX = const(4)  # what a flood asks beyond that gets no answer


class Commands:
    """One command after the other; `say` is one of the uplink's speakers.

    last: number of the last command. replies: as deeds.py has them. The others are what commands
    are about.
    """

    def __init__(self, topic, clock, journal, books, collector, timekeeper, uplink, controls):
        """topic: of the replies. controls: (mains or None, watchdog, identity partition)."""
        self._topic = topic
        self.clock = clock
        self.journal = journal
        self.books = books
        self.collector = collector
        self.timekeeper = timekeeper
        self.uplink = uplink
        self.mains, self.watchdog, self.identity = controls
        self.last = 0
        self.replies = []

    def take(self, text: memoryview) -> None:
        """A command has come."""
        if len(text) > _TEXT_BYTES or len(self.replies) >= _REPLIES_MAX:
            return
        try:
            self._deeds().take(self, text)
        except MemoryError:
            print("command: no room in the heap")

    def say(self, out) -> tuple | None:
        """Write the next reply; its topic, QoS, and that it is not retained."""
        if not self.replies:
            return None
        self._deeds().write(self, out)
        return self._topic, 1, False

    def _deeds(self):
        from commands import deeds

        once.forget("commands.deeds")
        return deeds
