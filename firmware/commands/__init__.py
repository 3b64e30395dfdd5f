"""Hears what the head-end asks, does one after the other, and replies to each.

What a command takes of the heap is there while it is heard, carried out or replied to: modules of
this package, loaded for that (see once.py).
"""

import gc

from micropython import const

import once

_TEXT_BYTES = const(256)  # lib/command.py
_WAITING_MAX = const(4)  # what a flood asks beyond that gets no answer


class Commands:
    """`say` is one of the uplink's speakers.

    site: a commands.site.Site. last: number of the last command. waiting: (number, word,
    arguments) of those that are not carried out yet.
    """

    def __init__(self, topic: str, site):
        """topic: of the replies."""
        self._topic = topic
        self.site = site
        self.last = 0
        self.waiting = []

    def take(self, text: memoryview) -> None:
        """A command has come."""
        if len(text) > _TEXT_BYTES or len(self.site.replies) + len(self.waiting) >= _WAITING_MAX:
            return
        for _ in range(2):  # what is free may lie scattered, until it is collected
            try:
                from commands import hearing

                once.forget("commands.hearing")
                hearing.take(self, text)
                return
            except MemoryError:
                once.sweep()
                gc.collect()
        print("command: no room in the heap")

    def say(self, out) -> tuple | None:
        """Write the next reply; its topic, QoS, and that it is not retained."""
        replies = self.site.replies
        if not replies:
            return None
        gc.collect()  # of what has carried it out
        try:
            from lib import reply

            once.forget("lib.reply")
            reply.write(out, self.site.journal.boot, *replies[0])
        except MemoryError:  # it is tried again
            once.sweep()
            out.clear()
            return None
        del replies[0]
        return self._topic, 1, False
