"""Takes an almanac that has come, or refuses it and tells why. Needed seldom: see once.py."""

import gc

import once
from lib import events

NOT_NEWER = 7
NO_ROOM = 8  # in the journal, or in the heap at present: the head-end asks again


def take(rates, books, journal, text: memoryview) -> bool:
    """Into flash first; the event comes last, and with it the almanac is the one that counts."""
    version = 0
    try:
        almanac = _load(text)
        version = almanac.version
        stored = _store(rates, books, journal, almanac, text)
        if stored:
            rates.stored, rates.almanac = stored, almanac
        return bool(stored)
    except MemoryError:
        once.sweep()
        reason = NO_ROOM
    except ValueError as error:
        reason = error.args[0]
    books.event(events.TARIFF_REFUSED, (version, reason))
    return False


def _load(text: memoryview):
    """The almanac; when this returns, the code that checks it is gone."""
    from lib import almanac_text

    once.forget("lib.almanac_text")
    gc.collect()
    return almanac_text.load(text)


def _store(rates, books, journal, almanac, text: memoryview) -> tuple:
    """Where it lies now; () when it is here already. ValueError with the reason."""
    here = rates.almanac
    if here:
        offered, known = ((each.version, each.start_s) for each in (almanac, here))
        if offered == known:
            return ()
        if offered < known:
            raise ValueError(NOT_NEWER)
    from rates import shelf

    once.forget("rates.shelf")
    stored = shelf.write(books, text)
    told = (almanac.version, almanac.until_s) + stored
    if not (stored[0] and books.event(events.TARIFF_SET, told)):
        raise ValueError(NO_ROOM)
    return stored
