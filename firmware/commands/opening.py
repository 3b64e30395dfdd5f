"""A channel of pulses begins at what its dial shows, before anything of it is booked."""

import asyncio

from micropython import const

from books import CHANNELS
from lib import events, frame, record, varint
from lib.leak import MASK, PULSES
from lib.leak_watch import COUNT, STATE, TRIP
from lib.quality import CONFIG_CHANGED

_RECORDS_MAX = const(4000)  # a journal with more has more than an installation behind it
_AT_ONCE = const(40)


async def run(site, key: str, dial: int) -> None:
    """The register of the channel that `key` names, such as water.opening, is `dial`; pulses that
    came before belong to it. ValueError with the reason why not. An input that is not wired has
    nothing to begin.
    """
    for count in site.pulses.counts:
        if CHANNELS[count.place][0] == key.split(".")[0]:
            if site.books.trouble:
                raise ValueError(site.books.trouble)
            if await _was_booked(site.journal, count.place):
                raise ValueError(
                    "%s: the register goes on, consumption is booked already; "
                    "'dial' proves it, 'swap' tells of another meter" % key
                )
            _begin(site, key, count, dial)


async def _was_booked(journal, place: int) -> bool:
    """Whether an interval with pulses of the channel is closed."""
    if journal.newest > _RECORDS_MAX or journal.oldest > 1:
        return True
    cursor = journal.cursor()
    entry = cursor.next()
    while entry:
        if frame.is_frame(entry.kind) and frame.unpack(entry.kind, entry.payload, 0).deltas[place]:
            return True
        if entry.seq % _AT_ONCE == 0:
            await asyncio.sleep_ms(0)
        entry = cursor.next()
    return False


def _begin(site, key: str, count, dial: int) -> None:
    """Where the heap has no room on the way, the same again ends well."""
    site.pulses.look()
    books, place, kept = site.books, count.place, count.register
    before = kept.register
    since = before - (books.closed_registers()[place] or 0)
    if dial < since:
        raise ValueError("%s: %d came since the start, the dial must show more" % (key, since))
    leaks = _unmoved(site.pulses.leaks, count, dial)
    books.event(events.REGISTER_OPENED, (place, dial, before))
    books.open(place, dial - since)
    kept.register = dial
    for watch, state, trip in leaks:
        watch[STATE], watch[TRIP] = state, trip
    books.mark(place, CONFIG_CHANGED)
    books.take(place, dial)
    books.checkpoint()
    books.append(record.SNAPSHOT, books.snapshot())  # a checkpoint tells no boundary
    for _, state, _ in leaks:
        books.append(record.LEAK, state)
    if books.trouble:
        raise ValueError(books.trouble)


def _unmoved(leaks, count, dial: int) -> list:
    """Who looks for leaks in it, with what makes them see no flow: state, and trip."""
    found = []
    kept = count.register
    pulses = (dial * kept.den + kept.carry) // kept.num
    pulses -= (kept.register * kept.den + kept.carry) // kept.num
    for watch in leaks.watches if leaks else ():
        if watch[COUNT] is count:
            state = varint.unpack(watch[STATE], 1)
            state[PULSES] = (state[PULSES] + pulses) & MASK
            trip = watch[TRIP] and watch[TRIP] + dial - kept.register
            found.append((watch, varint.pack(bytes((count.place,)), state), trip))
    return found
