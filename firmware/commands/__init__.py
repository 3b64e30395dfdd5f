"""Hears what the head-end asks, and replies to each command; deeds.py does it."""

import asyncio

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
        try:
            setting = self._deeds().take(self, text)
            if setting:  # from a task of its own, when all that heard it has been let go of
                asyncio.create_task(self._store(*setting))
        except MemoryError:
            once.sweep()
            print("command: no room in the heap")

    def say(self, out) -> tuple | None:
        """Write the next reply; its topic, QoS, and that it is not retained."""
        if not self.replies:
            return None
        try:
            self._deeds().write(self, out)
        except MemoryError:  # it is tried again
            once.sweep()
            out.clear()
            return None
        return self._topic, 1, False

    async def _store(self, *setting) -> None:
        from commands import setting as module

        once.forget("commands.setting")
        module.store(self, *setting)
        self.parts[6].wake()

    def _deeds(self):
        from commands import deeds

        once.forget("commands.deeds")
        return deeds
