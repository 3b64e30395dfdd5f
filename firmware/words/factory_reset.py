"""As it came from the factory."""

import asyncio
import os

from micropython import const

import once
from books import CHANNELS
from commands import reboot
from journal import JournalError
from lib import events, record, registers, varint
from lib.leak import SIZE

once.forget("commands.reboot")

_TOLD_S = const(3)  # for the event to be under way


async def run(visit, arguments: list) -> tuple:
    """Who says the collector's name means it: the configuration is erased with its secret, and
    what was put into site/: profiles, certificates, the key of one. The journal stays, with all
    registers, unless it is named too.
    """
    name = visit.about[0]
    if arguments not in ([name], [name, "journal"]):
        raise ValueError(
            "factory-reset: erases the configuration, the secret and the files in site/, and "
            "keeps the journal. Is it meant: factory-reset %s (or, with all that was measured: "
            "factory-reset %s journal)" % (name, name)
        )
    from journal import identity

    once.forget("journal.identity")
    problems = identity.save(visit.site.identity, b"{}\n")
    if problems:
        raise ValueError(problems[0])
    _forget_files()
    is_whole = len(arguments) == 2
    visit.site.books.event(events.COLLECTOR_RESET, (int(is_whole),))
    asyncio.create_task(_restart(visit.site, is_whole))
    return ()


async def _restart(site, is_whole: bool) -> None:
    for _ in range(_TOLD_S):
        await asyncio.sleep_ms(1000)
        site.uplink.wake()
    site.pulses.look()
    site.books.checkpoint()
    if is_whole:  # nothing is written between this and the restart
        try:
            _forget(site.journal)
        except JournalError as error:
            print("journal:", error)
    reboot.now(site)


def _forget_files() -> None:
    try:
        for name in os.listdir("site"):
            os.remove("site/" + name)
    except OSError:  # there is no such folder
        pass


def _forget(journal) -> None:
    """The registers and what is known of leaks begin anew with the next start."""
    from journal import renewal

    count = len(CHANNELS)
    nothing = registers.Registers(0, [None] * count, [0] * count, [0] * count).pack()
    journal.snapshot = lambda: nothing
    renewal.run(journal, record.SNAPSHOT, nothing)
    for place in range(count):
        journal.append(record.LEAK, varint.pack(bytes((place,)), [0] * SIZE))
