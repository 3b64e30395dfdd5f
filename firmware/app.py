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
    books, tasks, further = _started(on_well)
    await asyncio.sleep_ms(0)  # what the start has left on the stack keeps up to 2 KB alive
    once.keep()
    import extras

    once.forget("extras")
    extras.run(tasks, *further)
    del further, extras
    once.keep()
    gc.collect()
    await asyncio.gather(*[_supervise(number, name, task, books) for number, name, task in tasks])


def _started(on_well) -> tuple:
    """(books, tasks, further) of assembly.py. When this returns, the configuration and all that
    built is let go of.
    """
    here = _installed()
    from resumption import resume

    once.forget("resumption")
    resumed = resume(here)
    gc.collect()
    from assembly import assembled

    once.forget("assembly")
    return assembled(here, resumed, on_well)


def _installed():
    import board

    from installation import installed

    for name in ("installation", "config", "board", "esp32_board"):
        once.forget(name)
    here = installed(board.make())
    once.clear(type(here), "__init__")  # see trim.made()
    return here


async def _supervise(number: int, name: str, service, books) -> None:
    """Run a service for ever; one that fails is told of and started again."""
    while True:
        try:
            await service.run()
        except Exception as error:
            print("task %s failed:" % name)
            sys.print_exception(error)
            if isinstance(error, MemoryError):
                once.sweep()
            books.event(events.TASK_FAILED, (number,))
        await asyncio.sleep_ms(_RESTART_MS)
