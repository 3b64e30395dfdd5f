"""Settings are checked and stored; they hold from the next start."""

import asyncio
import gc

from micropython import const

import once
from lib import events

# what the reply tells of the start from which it holds
_NONE = const(0)
_WANTED = const(1)
_COMES = const(2)
_DIALS = ("water.opening", "gas.opening")  # which hold at once, from what the dial shows now


async def run(site, settings: dict, source: int) -> tuple:
    """They are stored, all or none, and told as events with their source; or, where the heap has
    no room for that, they will be at the restart that is under way. A number in a tuple: so much
    more than is stored.
    """
    for key in _DIALS:
        if key in settings:
            _check(settings)  # all of them, before one holds
            await _open(site, key, settings[key])
    try:
        problems, all_told = _stored(site.identity, settings)
    except MemoryError:
        problems = None
    if problems is None:
        once.sweep()
        await asyncio.sleep_ms(0)  # what the attempt has left on the stack keeps 5 KB alive
        gc.collect()
        await _park(site, settings, source)
        return (("restart", _COMES),)
    if problems:
        raise ValueError(problems[0])
    for told in all_told:
        site.books.event(events.CONFIG_SET, (source,) + told)
    at_once = all(key in _DIALS for key in settings)
    return (("restart", _NONE if at_once else _WANTED),)


async def _open(site, key: str, dial) -> None:
    gc.collect()
    from commands import opening

    once.forget("commands.opening")
    await opening.run(site, key, dial)


def _stored(place: list, settings: dict) -> tuple:
    import amendment

    once.forget("amendment")
    return amendment.change(place, settings)


async def _park(site, settings: dict, source: int) -> None:
    """Have them stored by the next start. A value that is wrong is refused here."""
    _check(settings)
    gc.collect()
    from commands import reboot
    from lib import parked

    once.forget("commands.reboot")
    once.forget("lib.parked")
    memory = site.clock.memory
    waiting = parked.behind(memory(), settings, source)
    # last what cannot be taken back: where the heap has no room, all this is tried again
    await reboot.run(site, {})
    memory(waiting)


def _check(settings: dict) -> None:
    """ValueError with what is wrong."""
    from lib import setting
    from settings_table import table

    once.forget("lib.setting")
    once.forget("settings_table")
    for key, value in settings.items():
        value = value[0] if type(value) is tuple else value
        problem = setting.judged(key, value, {}, table)[0]
        if problem:
            raise ValueError(problem)
