"""Runs the services, and starts again what fails."""

import asyncio
import gc
import sys

from micropython import const

import once
from lib import events

_RESTART_MS = const(5000)


async def main(on_well) -> None:
    """The application, for ever. on_well: called when it has run well for a while."""
    books, tasks, news = _started(on_well)
    gc.collect()
    # not before: the first record of a boot needs heap that the start has filled
    for kind, values in news:
        books.event(kind, values)
    del news
    await asyncio.gather(
        *[_supervise(place, name, task, books) for place, (name, task) in enumerate(tasks)]
    )


def _started(on_well) -> tuple:
    """(books, tasks, news). When this returns, the configuration and all that built is let go
    of.
    """
    import board

    from installation import Installation

    here = Installation(board.make())
    gc.collect()
    from assembly import assembled

    for name in ("installation", "config", "board", "esp32_board", "assembly"):
        once.forget(name)
    return assembled(here, on_well)


async def _supervise(place: int, name: str, service, books) -> None:
    """Run a service for ever; one that fails is told of and started again."""
    while True:
        try:
            await service.run()
        except Exception as error:
            print("task %s failed:" % name)
            sys.print_exception(error)
            books.event(events.TASK_FAILED, (place,))
        await asyncio.sleep_ms(_RESTART_MS)
