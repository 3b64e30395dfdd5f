"""Whether the heap has room for the registers by period beside all else: a collector that meters
and delivers comes first. Asked once, when the start is over: see once.py.
"""

import gc
import os

import once
from lib import events
from rates.offer import NO_ROOM

once.forget("rates.offer")

# Measured here, 32-bit: with 13.1 KB, an almanac of 1,400 bytes already in the heap and all
# services on, the registers are kept; with 10.9 KB the uplink finds no piece for a message now and
# then.
_FREE_BYTES = 11000
_ALMANAC_BYTES = 1500  # still to come
_FROM_SITE = "site/almanac.json"
_TEXT_BYTES = 1401  # one more than an almanac may have: lib/almanac_text.py refuses it


def run(restored: tuple, books, journal, health, uplink) -> None:
    """Let them be kept; or tell that they are not. restored: of rates/restore.py."""
    gc.collect()
    if gc.mem_free() < _FREE_BYTES + (0 if restored[3] else _ALMANAC_BYTES):
        print("tariff.registers: no room in the heap")
        books.event(events.TARIFF_REFUSED, (0, NO_ROOM))
        for name in ("lib.tally", "lib.demand", "lib.almanac"):
            once.forget(name)
        return
    from rates.keeper import Rates

    rates = Rates(books, journal, restored)
    books.keep(rates)
    health.sources.append(rates)
    uplink.on_tariff = rates.offer
    uplink.topics.append("tariff")
    _take_from_site(rates)


def _take_from_site(rates) -> None:
    """An almanac that was put onto the board, as if it had come as a message. Once: what is in
    the journal then is what counts.
    """
    try:
        with open(_FROM_SITE, "rb") as file:
            text = file.read(_TEXT_BYTES)
        os.remove(_FROM_SITE)
    except OSError:
        return
    rates.offer(memoryview(text))
