"""The pulse inputs."""

import asyncio
import time

from micropython import const

import once
from books import CHANNELS
from lib import widths
from lib.words import number

once.forget("lib.widths")
once.forget("lib.words")

_SECONDS_MAX = const(300)
_LOOK_MS = const(50)


async def run(visit, arguments: list) -> tuple:
    """A line for each input; for so many seconds another one with each pulse, and how long after
    the one before it came; then the widths that were measured meanwhile.
    """
    seconds = number(arguments[0]) if arguments else 0
    if seconds is None or not 0 <= seconds <= _SECONDS_MAX or len(arguments) > 1:
        raise ValueError("pulses: for how many seconds, up to %d" % _SECONDS_MAX)
    pulses = visit.site.pulses
    pulses.look()
    for count in pulses.counts:
        await _tell(visit, count, count.source.pulses(), None)
    if seconds:
        await _measured(visit, pulses.counts, seconds)
    return ()


async def _measured(visit, counts: list, seconds: int) -> None:
    sources = [count.source for count in counts if hasattr(count.source, "debounce")]
    for source in sources:
        source.debounce = widths.Widths(source.debounce)
    try:
        await _watch(visit, counts, seconds)
        for count in counts:
            if count.source in sources:
                await _tell_widths(visit, count)
    finally:
        for source in sources:
            source.debounce = source.debounce.inner


async def _watch(visit, counts: list, seconds: int) -> None:
    seen = [count.source.pulses() for count in counts]
    began_ms = [time.ticks_ms()] * len(seen)
    for _ in range(seconds * 1000 // _LOOK_MS):
        await asyncio.sleep_ms(_LOOK_MS)
        for place, count in enumerate(counts):
            counted = count.source.pulses()
            if counted != seen[place]:
                now_ms = time.ticks_ms()
                await _tell(visit, count, counted, time.ticks_diff(now_ms, began_ms[place]))
                seen[place], began_ms[place] = counted, now_ms


async def _tell_widths(visit, count) -> None:
    measured = count.source.debounce
    told = (
        ("channel", CHANNELS[count.place][0]),
        ("closed_ms", measured.closed_ms),
        ("open_ms", measured.open_ms),
        ("bounce_ms", measured.bounce_ms),
    )
    await visit.row("widths", told)


async def _tell(visit, count, counted: int, after_ms) -> None:
    told = (
        ("channel", CHANNELS[count.place][0]),
        ("pulses", counted),
        ("bounces", count.source.bounces()),
        ("fault", count.source.fault()),
        ("register", visit.site.books.register(count.place)),
    )
    await visit.row("input", told + ((("after_ms", after_ms),) if after_ms else ()))
