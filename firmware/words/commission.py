"""Whether the installation is good: all that can be looked at, a verdict, and its record. A step
at a time: where the heap is small, the code of two has no room in it.
"""

import gc

import once
from lib import events


async def run(visit, arguments: list) -> tuple:
    """A line for each thing, with what to do where it is not as it should be; the verdict, and
    the short code of its record. Behind "without": channels that no meter hangs at.
    """
    absent = arguments[1:]
    if arguments and arguments[0] != "without" or not set(absent) <= {"water", "gas"}:
        raise ValueError("commission: alone, or: commission without gas")
    found = await _looked_at(visit.site)
    gc.collect()
    requests, errors = await _tried(visit.site, found)
    for name in absent:
        found.pop(name, None)
    gc.collect()
    checked, failed = await _told(visit, found)
    seq = visit.site.books.event(events.COMMISSIONED, (checked, failed, requests, errors))
    if not seq:
        raise ValueError("commission: its record is not stored: %s" % visit.site.books.trouble)
    return (
        ("record", seq),
        ("code", _code(visit, seq, checked, failed)),
        ("verdict", "FAIL" if failed else "PASS"),
    )


async def _looked_at(site) -> dict:
    from console import examination

    once.forget("console.examination")
    return dict(await examination.quick(site))


async def _tried(site, found: dict) -> tuple:
    from console import trials

    once.forget("console.trials")
    return await trials.looked_for(site, found)


async def _told(visit, found: dict) -> tuple:
    """(bits of what was looked at, bits of what is not good)."""
    from console import telling

    once.forget("console.telling")
    checked = failed = 0
    for bit, name in enumerate(_record().CHECKS.split()):
        if name in found:
            checked |= 1 << bit
            failed |= (1 << bit) if found[name] else 0
            await telling.check(visit, name, found[name])
    return checked, failed


def _code(visit, seq: int, checked: int, failed: int) -> str:
    boot = visit.site.journal.boot & 0xFFFF
    return _record().of(visit.about[0], seq, boot, checked, failed)


def _record():
    from lib import short_code

    once.forget("lib.short_code")
    return short_code
