"""What can be asked of this collector, done at once or soon. Loaded for a command: see once.py."""

import asyncio
import gc

from micropython import const

import once
from books import CHANNELS
from lib import command, events
from lib.command import Refused

once.forget("lib.command")

_SEQ_MAX = const(0xFFFFFFFF)
_REBOOT_MS = const(3000)  # for the reply to be under way
_ASKED = const(2)  # lib/legacy.py
_TECHNICIAN = const(2)  # timekeeper.py: who is believed
_HEAD_END = const(1)
_ON_ITS_WAY_MS = const(10000)


def take(commands, text: memoryview) -> None:
    """Do what the text asks of a Commands, and put the reply there."""
    try:
        parsed = command.parse(text, commands.journal.boot, commands.last)
        if parsed is None:
            return
        commands.last = parsed[0]
        detail = _done(commands, *parsed)
        if detail is not None:
            commands.replies.append((parsed[0], parsed[1], detail))
    except Refused as refusal:
        commands.replies.append((refusal.number, None, refusal.why))


def write(commands, out) -> None:
    """The next reply: (number, word, detail), or (number, None, why it is refused)."""
    number, word, what = commands.replies.pop(0)
    if word is None:
        command.refused(out, commands.journal.boot, number, what)
    else:
        command.done(out, commands.journal.boot, number, word, what)


def _done(commands, number: int, word: str, arguments: dict):
    """The reply's detail; None when it comes later."""
    if word == "ping":
        return _vital(commands)
    if word == "status":
        commands.uplink.tell_status()
        return ()
    if word == "read":
        asyncio.create_task(_read(commands, number))
        return None
    if word == "resend":
        return _resend(commands, number, arguments)
    if word == "time":
        unix_s = command.integer(number, arguments, "unix_s", 0, _SEQ_MAX)
        commands.timekeeper.told(_TECHNICIAN, unix_s, _ON_ITS_WAY_MS)
        return (("time", commands.clock.unix_s()),)
    if word == "set":
        return _set(commands, number, arguments.get("key"), arguments.get("value"))
    if word == "reboot":
        return _reboot(commands, number)
    raise Refused(number, "do: must be ping, status, read, resend, time, set or reboot")


def _vital(commands) -> tuple:
    """What an outage system asks: whether mains is there (None: nothing senses it)."""
    mains = commands.mains and int(commands.mains.is_there())
    return (("mains", mains), ("uptime_s", commands.clock.uptime_s()))


async def _read(commands, number: int) -> None:
    """Read the meter, and reply with all registers."""
    if await commands.collector.read_now():
        books = commands.books
        told = [(name, books.register(place)) for place, (name, _) in enumerate(CHANNELS)]
        told.append(("time", commands.clock.unix_s()))
        commands.replies.append((number, "read", tuple(told)))
    else:
        commands.replies.append((number, None, "the meter does not answer"))
    commands.uplink.wake()


def _resend(commands, number: int, arguments: dict) -> tuple:
    journal = commands.journal
    after = command.integer(number, arguments, "after", 0, _SEQ_MAX)
    upto = command.integer(number, arguments, "upto", after + 1, _SEQ_MAX)
    if not commands.uplink.feed.ahead(after, upto):
        raise Refused(
            number, "not now: four stretches wait, or there is nothing behind %d" % after
        )
    return (("oldest", journal.oldest), ("newest", journal.newest))


def _set(commands, number: int, key, value) -> tuple:
    """Store a setting; it holds from the next start."""
    gc.collect()
    try:
        from config import Config

        problems, change = Config(commands.identity).change(key, value)
    except MemoryError:
        raise Refused(number, "no room in the heap at present; ask again") from None
    finally:
        once.forget("config")
        gc.collect()
    if problems:
        raise Refused(number, problems[0])
    commands.books.event(events.CONFIG_SET, (_HEAD_END,) + change)
    return (("restart", 1),)


def _reboot(commands, number: int) -> tuple:
    if commands.books.trouble:
        raise Refused(number, "the journal takes no records: what is counted would be lost")
    asyncio.create_task(_restart(commands))
    return ()


async def _restart(commands) -> None:
    await asyncio.sleep_ms(_REBOOT_MS)
    commands.collector.save()
    if commands.books.trouble:
        return
    commands.clock.stamp(_ASKED)
    commands.watchdog.reset()
