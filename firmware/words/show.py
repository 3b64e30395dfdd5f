"""The stored configuration, without its secrets."""

import asyncio
import gc

import once
from journal import JournalError


async def run(visit, arguments: list) -> tuple:
    """A line for each setting that is not at its default; of a key or group, or of all."""
    stored, problems = await read_back(visit.site.identity)
    wanted = arguments[0] if arguments else ""
    gc.collect()
    from console import telling
    from settings_table import table

    once.forget("console.telling")
    once.forget("settings_table")
    count = 0
    for key, kind, default, _ in table():
        value = stored.get(key, default)
        if wanted in ("all", key, key.split(".")[0]) or not wanted and value != default:
            count += 1
            await telling.row(visit, "setting", ((key, _shown(kind, value)),))
    if wanted and not count:
        raise ValueError("show: no key or group '%s'" % wanted[:32])
    return tuple([("problem", problem) for problem in problems])


async def read_back(partition) -> tuple:
    """(what is set, what is wrong with it)."""
    from journal import identity
    from lib.jsontext import load_object

    once.forget("journal.identity")
    journal = None
    try:
        journal = identity.opened(partition)
    except (JournalError, OSError):  # load() tells it
        pass
    await asyncio.sleep_ms(0)
    _wipe()
    gc.collect()
    text, problems = identity.load(partition, journal)
    return load_object(text) or {}, problems


def _wipe() -> None:
    """Else what the stack still holds of the recovery stays: 5 KB."""
    import trim

    once.forget("trim")
    trim.wipe(16)


def _shown(kind: str, value):
    if kind == "secret":
        return "(set)" if value else "(not set)"
    return value if type(value) in (str, int, bool) else "(wrong)"
