"""The pulse inputs."""

import asyncio
import time

from micropython import const

import once
from books import CHANNELS
from console import telling
from lib.words import number

once.forget("console.telling")
once.forget("lib.words")

_SECONDS_MAX = const(300)
_LOOK_MS = const(50)


async def run(visit, arguments: list) -> tuple:
    """A line for each input; for so many seconds another one with each pulse, and how long after
    the one before it came.
    """
    seconds = number(arguments[0]) if arguments else 0
    if seconds is None or not 0 <= seconds <= _SECONDS_MAX or len(arguments) > 1:
        raise ValueError("pulses: for how many seconds, up to %d" % _SECONDS_MAX)
    pulses = visit.site.pulses
    pulses.look()
    seen = [count.source.pulses() for count in pulses.counts]
    began_ms = [time.ticks_ms()] * len(seen)
    for place in range(len(seen)):
        await _tell(visit, pulses.counts[place], seen[place], None)
    for _ in range(seconds * 1000 // _LOOK_MS):
        await asyncio.sleep_ms(_LOOK_MS)
        for place, count in enumerate(pulses.counts):
            counted = count.source.pulses()
            if counted != seen[place]:
                now_ms = time.ticks_ms()
                await _tell(visit, count, counted, time.ticks_diff(now_ms, began_ms[place]))
                seen[place], began_ms[place] = counted, now_ms
    return ()


async def _tell(visit, count, counted: int, after_ms) -> None:
    told = (
        ("channel", CHANNELS[count.place][0]),
        ("pulses", counted),
        ("bounces", count.source.bounces()),
        ("fault", count.source.fault()),
        ("register", visit.site.books.register(count.place)),
    )
    await telling.row(visit, "input", told + ((("after_ms", after_ms),) if after_ms else ()))
