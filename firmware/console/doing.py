"""Does what a line asks for, and tells what became of it."""

import asyncio
import gc
import sys

import once

_PAUSES_MS = (0, 1000, 5000)  # something may be under way that is over then


async def done(visit, package: str, word: str, arguments, problem: str | None) -> None:
    """The word of `package` with its arguments; or only the `problem`, where there is one."""
    detail = None
    if word:
        try:
            detail = await _carried_out(visit, package, word, arguments)
        except ValueError as refusal:
            problem = str(refusal)
        gc.collect()
    from console import telling

    once.forget("console.telling")
    await telling.tell(visit, word, detail, problem)


async def _carried_out(visit, package: str, word: str, arguments):
    about = visit.site if package == "commands." else visit
    visit.rows = 0
    for pause_ms in _PAUSES_MS:
        await asyncio.sleep_ms(pause_ms)
        gc.collect()
        try:
            detail = await _loaded(package + word).run(about, arguments)
            while detail and type(detail[0]) is str:  # its next step, without the code of this one
                gc.collect()
                detail = await _loaded(detail[0]).run(*detail[1:])
            return detail
        except MemoryError:
            once.sweep()
            if visit.rows:  # nothing is told twice
                break
    raise ValueError("no room in the heap; try again later")


def _loaded(name: str):
    __import__(name)
    module = sys.modules[name]
    once.forget(name)
    once.forget("lib.arguments")
    return module
