"""A pulse input held against the dial of its meter."""

import once
from books import CHANNELS
from lib import events, words

once.forget("lib.words")

_PULSES_LEAST = 5  # with fewer, half the weight or twice as much could pass
_WORTHS = ((1, 1), (1, 10), (1, 4), (1, 2), (2, 1), (5, 2), (5, 1))


async def run(visit, arguments: list) -> tuple:
    """The first time it is noted what the dial shows; the second time its movement is held against
    the pulses between, and told. What a pulse is worth by that, too.
    """
    count, dial = _meant(visit.site.pulses, arguments)
    visit.site.pulses.look()
    pulses = count.source.pulses()
    before = visit.dials.get(count.place)
    if before is None:
        visit.dials[count.place] = dial, pulses
        return (("again", "let something flow, then the same word with the new dial"),)
    moved, came = dial - before[0], pulses - before[1]
    if 0 < came < _PULSES_LEAST:
        raise ValueError("dial: %d pulses prove nothing yet; let more flow, and again" % came)
    del visit.dials[count.place]
    if moved < 0 or came < 0 or not moved + came:
        raise ValueError("dial: neither may go backward, and something must flow; begin anew")
    num, den = count.register.num, count.register.den
    fits = came > 0 and abs(moved * den - came * num) <= num + den
    visit.site.books.event(events.PULSES_PROVEN, (count.place, came, moved, int(fits)))
    told = (("pulses", came), ("moved", moved), ("pulse_is", "%d/%d" % (num, den)))
    if not fits:
        told += (("seems", _worth(moved, came)),)
    return told + (("verdict", "PASS" if fits else "FAIL"),)


def _meant(pulses, arguments: list) -> tuple:
    """(one of pulses.counts, the dial)."""
    dial = words.number(arguments[1]) if len(arguments) == 2 else None
    for count in pulses.counts:
        if dial is not None and dial >= 0 and CHANNELS[count.place][0] == arguments[0]:
            return count, dial
    wired = ", ".join([CHANNELS[count.place][0] for count in pulses.counts])
    raise ValueError("dial: a channel (%s), and what its dial shows, in L or dm3" % wired)


def _worth(moved: int, came: int) -> str:
    """What meters are made for that is nearest, in units a pulse."""
    if not came or not moved:
        return "the dial stands still" if came else "no pulse: is it wired?"
    best = 0, 0, 1
    for scale in (1, 10, 100, 1000):
        for num, den in _WORTHS:
            off = abs(moved * den - came * num * scale) * 20 // den
            if not best[1] or off < best[0]:
                best = off, num * scale, den
    return "%d/%d" % best[1:]
