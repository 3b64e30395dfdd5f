"""Hears what the head-end asks, and replies to each command; deeds.py does it, or alone.py."""

import asyncio
import gc

from micropython import const

import once

_TEXT_BYTES = const(256)  # lib/command.py
_REPLIES_MAX = const(4)  # what a flood asks beyond that gets no answer


class Commands:
    """One command after the other; `say` is one of the uplink's speakers.

    parts: what commands are about, and replies: as deeds.py has them. last: number of the last
    command.
    """

    def __init__(self, topic: str, parts: tuple):
        """topic: of the replies."""
        self._topic = topic
        self.parts = parts
        self.last = 0
        self.replies = []

    def take(self, text: memoryview) -> None:
        """A command has come."""
        if len(text) > _TEXT_BYTES or len(self.replies) >= _REPLIES_MAX:
            return
        for _ in range(2):  # what is free may lie scattered, until it is collected
            try:
                from commands import deeds

                once.forget("commands.deeds")
                later = deeds.take(self, text)
                if later:
                    self._alone(later)
                return
            except MemoryError:
                once.sweep()
                gc.collect()
        print("command: no room in the heap")

    def say(self, out) -> tuple | None:
        """Write the next reply; its topic, QoS, and that it is not retained."""
        if not self.replies:
            return None
        try:
            from commands import replies

            once.forget("commands.replies")
            replies.write(self, out)
        except MemoryError:  # it is tried again
            once.sweep()
            out.clear()
            return None
        return self._topic, 1, False

    def _alone(self, later: tuple) -> None:
        from commands import alone

        once.forget("commands.alone")
        asyncio.create_task(alone.run(self, *later))
