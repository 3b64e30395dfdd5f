"""What can be asked of this collector, done at once or soon. Loaded for a command: see once.py."""

import asyncio

from micropython import const

import once
from books import CHANNELS
from lib import command
from lib.command import Refused

once.forget("lib.command")

_WORDS = "do: must be ping, status, read, outages, resend, time, leak, set or reboot"
_SEQ_MAX = const(0xFFFFFFFF)
_REBOOT_MS = const(3000)  # for the reply to be under way
_ASKED = const(2)  # lib/legacy.py
_TECHNICIAN = const(2)  # timekeeper.py: who is believed
_ON_ITS_WAY_MS = const(10000)


class Site:
    """What commands are about, by name.

    mains: None where nothing senses it. replies: (number, word, detail), or (number, None, why it
    is refused), in order.
    """

    def __init__(self, commands):
        self.clock, self.journal, self.books, self.collector, self.pulses = commands.parts[:5]
        self.timekeeper, self.uplink, self.mains, self.watchdog = commands.parts[5:9]
        self.replies = commands.replies


def take(commands, text: memoryview) -> tuple | None:
    """Do what the text asks, and put the reply to the others of `commands` (a Commands). What
    needs more of the heap than that is returned instead: (word, number, arguments).
    """
    site = Site(commands)
    try:
        parsed = command.parse(text, site.journal.boot, commands.last)
        if parsed is None:
            return None
        commands.last = parsed[0]
        if parsed[1] in ("set", "outages"):
            return parsed[1], parsed[0], parsed[2]
        detail = _done(site, *parsed)
        if detail is not None:
            site.replies.append((parsed[0], parsed[1], detail))
    except Refused as refusal:
        site.replies.append((refusal.number, None, refusal.why))
    return None


def _done(site, number: int, word: str, arguments: dict):
    """The reply's detail; None when it comes later."""
    if word == "ping":
        return _vital(site)
    if word == "status":
        site.uplink.tell_status()
        return ()
    if word == "read":
        asyncio.create_task(_read(site, number))
        return None
    if word == "resend":
        return _resend(site, number, arguments)
    if word == "time":
        unix_s = command.integer(number, arguments, "unix_s", 0, _SEQ_MAX)
        site.timekeeper.told(_TECHNICIAN, unix_s, _ON_ITS_WAY_MS)
        return (("time", site.clock.unix_s()),)
    if word == "leak":
        return _leak(site, number, arguments)
    if word == "reboot":
        return _reboot(site, number)
    raise Refused(number, _WORDS)


def _vital(site) -> tuple:
    """What an outage system asks: whether mains is there (None: nothing senses it)."""
    mains = site.mains and int(site.mains.is_there())
    return (("mains", mains), ("uptime_s", site.clock.uptime_s()))


async def _read(site, number: int) -> None:
    """Read the meter, and reply with all registers."""
    site.pulses.look()
    if await site.collector.read_meter():
        books = site.books
        told = [(name, books.register(place)) for place, (name, _) in enumerate(CHANNELS)]
        told.append(("time", site.clock.unix_s()))
        site.replies.append((number, "read", tuple(told)))
    else:
        site.replies.append((number, None, "the meter does not answer"))
    site.uplink.wake()


def _resend(site, number: int, arguments: dict) -> tuple:
    journal = site.journal
    after = command.integer(number, arguments, "after", 0, _SEQ_MAX)
    upto = command.integer(number, arguments, "upto", after + 1, _SEQ_MAX)
    if not site.uplink.feed.ahead(upto, after):
        raise Refused(
            number, "not now: four stretches wait, or there is nothing behind %d" % after
        )
    return (("oldest", journal.oldest), ("newest", journal.newest))


def _leak(site, number: int, arguments: dict) -> tuple:
    """A person has seen to the alarms of a channel; or tells whether somebody is there."""
    names, away = [name for name, _ in CHANNELS], None
    if "away" in arguments:
        away = command.integer(number, arguments, "away", 0, 1)
    name, detail = arguments.get("channel"), None
    if name in names and site.pulses.leaks:
        detail = site.pulses.leaks.order(names.index(name), away)
    if detail is None:
        raise Refused(number, "channel: nobody looks for leaks in it")
    return detail


def _reboot(site, number: int) -> tuple:
    if site.books.trouble:
        raise Refused(number, "the journal takes no records: what is counted would be lost")
    asyncio.create_task(_restart(site))
    return ()


async def _restart(site) -> None:
    await asyncio.sleep_ms(_REBOOT_MS)
    site.pulses.look()
    site.books.checkpoint()
    if site.books.trouble:
        return
    site.clock.stamp(_ASKED)
    site.watchdog.reset()
