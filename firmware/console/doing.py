"""Does what a line asks for, and tells what became of it."""

import asyncio
import gc
import sys

import once

_PAUSES_MS = (0, 1000, 5000)  # for what is under way to end


async def done(visit, package: str, word: str, arguments, problem: str | None) -> None:
    """The word of `package` with its arguments; or only the `problem`, where there is one."""
    detail = None
    if word:
        try:
            detail = await _carried_out(visit, package, word, arguments)
        except ValueError as refusal:
            problem = str(refusal)
        visit.site.uplink.paused = False
        gc.collect()
    from console import telling

    once.forget("console.telling")
    await telling.tell(visit, word, detail, problem)


async def _carried_out(visit, package: str, word: str, arguments):
    """What the word tells. Where the heap has no room for it, the connection to the broker makes
    some: it comes again by itself, and nothing is lost meanwhile.
    """
    about = visit.site if package == "commands." else visit
    uplink = visit.site.uplink
    for pause_ms in _PAUSES_MS:
        await asyncio.sleep_ms(pause_ms)
        gc.collect()
        try:
            return await _loaded(package + word).run(about, arguments)
        except MemoryError:
            once.sweep()
        uplink.paused = True
        uplink.wake()
    raise ValueError("no room in the heap; try again later")


def _loaded(name: str):
    __import__(name)
    module = sys.modules[name]
    once.forget(name)
    once.forget("lib.arguments")
    return module
