"""Tells all that a boot goes on from, once a day; and keeps the almanac from being overwritten.
Needed then only: see once.py.
"""

import once
from lib import events


def run(rates, books, journal) -> None:
    """At the end of a day, when its last interval is in flash."""
    tally = rates.tally
    if tally.now[3] is not None:  # the flash has refused the first period
        books.event(events.TARIFF_PERIOD, tally.now + rates.stored)
    for place, register in enumerate(books.closed_registers()):
        if register is not None:
            totals = tally.totals[place]
            count = len(totals)
            while count and not totals[count - 1]:
                count -= 1
            head = (place, register, tally.apart(place, register), tally.reached_s[place])
            books.event(events.PERIOD_REGISTERS, head + tuple(totals[:count]))
    if rates.demand and rates.demand.told[0]:
        books.event(events.DEMAND, tuple(rates.demand.told))
    from rates import shelf

    once.forget("rates.shelf")
    rates.stored = shelf.kept(books, journal, rates.stored)
