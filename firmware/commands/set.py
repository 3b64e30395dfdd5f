"""A setting is stored; it holds from the next start."""

import gc

from micropython import const

import once
from lib import events

_HEAD_END = const(1)
# what the reply tells of the start from which it holds
_WANTED = const(1)
_COMES = const(2)


async def run(site, arguments: dict) -> tuple:
    """See store()."""
    return await store(site, arguments.get("key"), arguments.get("value"), _HEAD_END)


async def store(site, key, value, source: int) -> tuple:
    """It is stored, and told as an event with its source; or, where the heap has no room for that,
    it will be at the restart that is under way.
    """
    try:
        problems, told = _stored(site.identity, key, value)
    except MemoryError:
        problems = None
    if problems is None:
        once.sweep()
        gc.collect()
        await _park(site, key, value, source)
        return (("restart", _COMES),)
    if problems:
        raise ValueError(problems[0])
    site.books.event(events.CONFIG_SET, (source,) + told)
    return (("restart", _WANTED),)


def _stored(partition, key, value) -> tuple:
    import amendment

    once.forget("amendment")
    return amendment.change(partition, key, value)


async def _park(site, key, value, source: int) -> None:
    """Have it stored by the next start. A value that is wrong is refused here."""
    problem = _problem(key, value)
    if problem:
        raise ValueError(problem)
    from commands import reboot
    from lib import parked

    once.forget("commands.reboot")
    once.forget("lib.parked")
    memory = site.clock.memory
    waiting = parked.behind(memory(), key, value, source)
    # last what cannot be taken back: where the heap has no room, all this is tried again
    await reboot.run(site, {})
    memory(waiting)


def _problem(key, value) -> str | None:
    from lib import setting
    from settings_table import table

    once.forget("lib.setting")
    once.forget("settings_table")
    return setting.judged(key, value, {}, table)[0]
