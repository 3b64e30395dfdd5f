"""Both ends of what is measured: what looks for leaks and shuts the valve; and whether the
head-end has it all.
"""

import asyncio

from micropython import const

from books import CHANNELS
from console.past import NEWEST
from lib import events
from lib.leak_watch import COUNT, FIGURES

_ACK_S = const(60)


async def judge(site, tried: dict, found: dict) -> None:
    """As console/trials.py does it."""
    if site.pulses.leaks:
        found["leaks"] = _leaks(site.pulses.leaks)
    if site.pulses.valve:
        moved = tried[events.VALVE_MOVED]
        is_tried = 0 in moved and 1 in moved
        found["valve"] = None if is_tried else "move it both ways: 'valve 1', look, 'valve 0'"
    found["head_end"] = await _acknowledged(site, tried[NEWEST])


def _leaks(leaks) -> str | None:
    for watch in leaks.watches:
        if watch[FIGURES] and watch[FIGURES][0]:
            name = CHANNELS[watch[COUNT].place][0]
            return "%s flows without end, it seems: shut it, then 'leak %s'" % (name, name)
    return None if leaks.watches else "nobody looks for them: no room in the heap"


async def _acknowledged(site, newest: int) -> str | None:
    """Whether the head-end has all up to there."""
    for _ in range(_ACK_S):
        if site.uplink.acked >= newest:
            return None
        if not site.uplink.is_live:
            break
        await asyncio.sleep_ms(1000)
    waiting = newest - site.uplink.acked
    return "it has not acknowledged %d records: wait, or is it down?" % waiting
