"""Hears what the head-end asks, does one after the other, and replies to each.

What a command takes of the heap is there while it is carried out: a module of this package by its
word, loaded for that (see once.py).
"""

import asyncio
import gc

from micropython import const

import once

_TEXT_BYTES = const(256)  # lib/command.py
_WAITING_MAX = const(4)  # what a flood asks beyond that gets no answer


class Commands:
    """`say` is one of the uplink's speakers.

    parts: what commands are about, as site.py has them. replies: (number, word, detail), or
    (number, None, why it is refused), in order.
    """

    def __init__(self, topic: str, parts: tuple):
        """topic: of the replies."""
        self._topic = topic
        self._last = 0  # number of the last command
        self._waiting = []  # (number, word, arguments)
        self.parts = parts
        self.replies = []

    def take(self, text: memoryview) -> None:
        """A command has come."""
        if len(text) > _TEXT_BYTES or len(self.replies) + len(self._waiting) >= _WAITING_MAX:
            return
        for _ in range(2):  # what is free may lie scattered, until it is collected
            try:
                self._hear(text)
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
            from lib import reply

            once.forget("lib.reply")
            reply.write(out, self.parts[1].boot, *self.replies[0])
        except MemoryError:  # it is tried again
            once.sweep()
            out.clear()
            return None
        del self.replies[0]
        return self._topic, 1, False

    def _hear(self, text: memoryview) -> None:
        from lib import command

        once.forget("lib.command")
        try:
            parsed = command.parse(text, self.parts[1].boot, self._last)
        except command.Refused as refusal:
            self.replies.append((refusal.number, None, refusal.why))
            return
        if parsed:
            self._last = parsed[0]
            self._waiting.append(parsed)
            if len(self._waiting) == 1:  # from a task: all that heard it is let go of by then
                asyncio.create_task(self._work())

    async def _work(self) -> None:
        from commands import worker

        once.forget("commands.worker")
        while self._waiting:
            self.replies.append(await worker.done(self.parts, *self._waiting[0]))
            del self._waiting[0]
            self.parts[6].wake()
