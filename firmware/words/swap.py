"""A meter was replaced: the register goes on without a step."""

from micropython import const

import once
from books import CHANNELS
from commands import storing
from lib import events, words

once.forget("commands.storing")
once.forget("lib.words")

_TECHNICIAN = const(2)  # EVENTS.md


async def run(visit, arguments: list) -> tuple:
    """What the old one showed last, and what the new one shows, are told; of a meter that is read
    they are stored too, and hold from the next start.
    """
    place, closing, opening = _meant(arguments)
    site = visit.site
    register = site.books.register(place)
    if register is None:
        raise ValueError("swap: nothing was ever read of %s" % arguments[0])
    told = ()
    if not any(count.place == place for count in site.pulses.counts):
        settings = _settings(site, place, closing, opening, register)
        told = await storing.run(site, settings, _TECHNICIAN)
    site.pulses.look()
    site.books.event(events.METER_SWAPPED, (place, closing, opening, register))
    site.books.checkpoint()
    return told


def _meant(arguments: list) -> tuple:
    """(place of the channel, closing, opening)."""
    names = [name for name, _ in CHANNELS]
    closing = words.number(arguments[1]) if len(arguments) == 3 else None
    opening = words.number(arguments[2]) if len(arguments) == 3 else None
    if (
        closing is None
        or opening is None
        or min(closing, opening) < 0
        or (arguments[0] not in names)
    ):
        raise ValueError(
            "swap: a channel (%s), what the old meter shows, and what the new one shows, in %s"
            % (", ".join(names), "Wh, L or dm3")
        )
    return names.index(arguments[0]), closing, opening


def _settings(site, place: int, closing: int, opening: int, register: int) -> dict:
    """How much more the sums over all meters that were replaced are."""
    showed = register - site.books.carries[place]
    if closing < showed:
        raise ValueError("swap: the old meter showed %d Wh when it was read last" % showed)
    name = CHANNELS[place][0]
    return {name + ".closing": (closing,), name + ".opening": (opening,)}
