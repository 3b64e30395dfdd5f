"""The last events out of the journal. A step at a time: where the heap is small, the words of an
event and the code that tells them have no room in it at once.
"""

import asyncio
import gc

from micropython import const

import once
from lib import events, record

_COUNT = const(10)
_COUNT_MAX = const(200)
_BACK = const(40)  # records to an event: few hours have none


async def run(visit, arguments: list) -> tuple:
    """A line for each, oldest first; no more of what lies far back than was looked through."""
    count = _meant(arguments)
    journal = visit.site.journal
    after = max(journal.oldest - 1, journal.newest - _BACK * count)
    cursor = journal.cursor(after)
    skipped = max(0, await _counted(cursor) - count)
    cursor.move(after)
    while True:
        entry = await _next(cursor)
        if entry is None:
            return ()
        if skipped:
            skipped -= 1
            continue
        boot, unix_s, word, detail = events.unpack(entry.payload)
        head = (("seq", entry.seq), ("boot", boot), ("time", unix_s), ("type", word))
        gc.collect()
        await visit.row("event", head + detail)


def _meant(arguments: list) -> int:
    from lib import words

    once.forget("lib.words")
    count = words.number(arguments[0]) if arguments else _COUNT
    if count is None or not 0 < count <= _COUNT_MAX or len(arguments) > 1:
        raise ValueError("events: how many, from 1 to %d" % _COUNT_MAX)
    return count


async def _counted(cursor) -> int:
    """How many events there are from here on."""
    count = 0
    while await _next(cursor):
        count += 1
    return count


async def _next(cursor):
    """The next event; others have their turn meanwhile."""
    while True:
        await asyncio.sleep_ms(0)
        entry = cursor.next()
        if entry is None or entry.kind == record.EVENT:
            return entry
