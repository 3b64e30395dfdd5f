"""Does what the head-end asks, at once or soon, and replies to each command."""

import asyncio
import gc

from micropython import const

import once
from books import CHANNELS
from lib import command, events
from lib.command import Refused

_REPLIES_MAX = const(4)  # what a flood asks beyond that gets no answer
_SEQ_MAX = const(0xFFFFFFFF)
_REBOOT_MS = const(3000)  # for the reply to be under way
_ASKED = const(2)  # lib/legacy.py
_TECHNICIAN = const(2)  # timekeeper.py: who is believed
_HEAD_END = const(1)
_ON_ITS_WAY_MS = const(10000)


class Commands:
    """One command after the other; `say` is one of the uplink's speakers.

    A reply is a tuple: (number, word, detail), or (number, None, why it is refused).
    """

    def __init__(self, topic, clock, journal, books, collector, timekeeper, uplink, controls):
        """topic: of the replies. controls: (mains or None, watchdog, identity partition)."""
        self._topic = topic
        self._clock = clock
        self._journal = journal
        self._books = books
        self._collector = collector
        self._timekeeper = timekeeper
        self._uplink = uplink
        self._mains, self._watchdog, self._identity = controls
        self._last = 0
        self._reading = 0  # number of the command that waits for a reading
        self._replies = []

    def take(self, text: memoryview) -> None:
        """A command has come."""
        try:
            parsed = command.parse(text, self._journal.boot, self._last)
            if parsed is None or len(self._replies) >= _REPLIES_MAX:
                return
            self._last = parsed[0]
            detail = self._do(*parsed)
            if detail is not None:
                self._replies.append((parsed[0], parsed[1], detail))
        except Refused as refusal:
            if len(self._replies) < _REPLIES_MAX:
                self._replies.append((refusal.number, None, refusal.why))

    def say(self, out) -> tuple | None:
        """Write the next reply; its topic, QoS, and that it is not retained."""
        if not self._replies:
            return None
        number, word, what = self._replies.pop(0)
        if word is None:
            command.refused(out, self._journal.boot, number, what)
        else:
            command.done(out, self._journal.boot, number, word, what)
        return self._topic, 1, False

    def _do(self, number: int, word: str, arguments: dict):
        """The reply's detail; None when it comes later."""
        if word == "ping":
            return self._vital()
        if word == "status":
            self._uplink.tell_status()
            return ()
        if word == "read":
            return self._read(number)
        if word == "resend":
            return self._resend(number, arguments)
        if word == "time":
            return self._set_time(command.integer(number, arguments, "unix_s", 0, _SEQ_MAX))
        if word == "set":
            return self._set(number, arguments.get("key"), arguments.get("value"))
        if word == "reboot":
            return self._reboot(number)
        raise Refused(number, "do: must be ping, status, read, resend, time, set or reboot")

    def _vital(self) -> tuple:
        """What an outage system asks: whether mains is there (None: nothing senses it)."""
        mains = self._mains and int(self._mains.is_there())
        return (("mains", mains), ("uptime_s", self._clock.uptime_s()))

    def _read(self, number: int) -> None:
        if self._reading:
            raise Refused(number, "a reading is under way; ask again")
        self._reading = number
        self._collector.read_soon(self._was_read)

    def _was_read(self, answered: bool) -> None:
        number, self._reading = self._reading, 0
        if answered:
            told = [(name, self._books.register(i)) for i, (name, _) in enumerate(CHANNELS)]
            told.append(("time", self._clock.unix_s()))
            self._replies.append((number, "read", tuple(told)))
        else:
            self._replies.append((number, None, "the meter does not answer"))
        self._uplink.wake()

    def _resend(self, number: int, arguments: dict) -> tuple:
        after = command.integer(number, arguments, "after", 0, _SEQ_MAX)
        upto = command.integer(number, arguments, "upto", after + 1, _SEQ_MAX)
        if not self._uplink.feed.ahead(after, upto):
            raise Refused(
                number, "not now: four stretches wait, or there is nothing behind %d" % after
            )
        return (("oldest", self._journal.oldest), ("newest", self._journal.newest))

    def _set_time(self, unix_s: int) -> tuple:
        self._timekeeper.told(_TECHNICIAN, unix_s, _ON_ITS_WAY_MS)
        return (("time", self._clock.unix_s()),)

    def _set(self, number: int, key, value) -> tuple:
        """Store a setting; it holds from the next start."""
        try:
            from config import Config

            problems, change = Config(self._identity).change(key, value)
        except MemoryError:
            raise Refused(number, "no room in the heap at present; ask again") from None
        finally:
            once.forget("config")
            gc.collect()
        if problems:
            raise Refused(number, problems[0])
        self._books.event(events.CONFIG_SET, (_HEAD_END,) + change)
        return (("restart", 1),)

    def _reboot(self, number: int) -> tuple:
        if self._books.trouble:
            raise Refused(number, "the journal takes no records: what is counted would be lost")
        asyncio.create_task(self._restart())
        return ()

    async def _restart(self) -> None:
        await asyncio.sleep_ms(_REBOOT_MS)
        self._collector.save()
        if self._books.trouble:
            return
        self._clock.stamp(_ASKED)
        self._watchdog.reset()
