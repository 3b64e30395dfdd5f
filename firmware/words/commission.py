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
    answered = await visit.site.collector.read_meter()
    gc.collect()
    found = _looked_at(visit.site, answered)
    gc.collect()
    past = await _past(visit.site.journal)
    gc.collect()
    requests, errors = await _polled(visit.site.collector)
    gc.collect()
    _judge(visit.site, past, requests, errors, found)
    gc.collect()
    await _judge_ends(visit.site, past, found)
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


def _looked_at(site, answered: bool) -> dict:
    from console import examination

    once.forget("console.examination")
    return dict(examination.quick(site, answered))


async def _past(journal) -> dict:
    from console import past

    once.forget("console.past")
    return await past.tried(journal)


async def _polled(collector) -> tuple:
    from console import polls

    once.forget("console.polls")
    return await polls.tried(collector)


def _judge(site, past: dict, requests: int, errors: int, found: dict) -> None:
    from console import trials

    once.forget("console.trials")
    trials.judge(site, past, requests, errors, found)


async def _judge_ends(site, past: dict, found: dict) -> None:
    from console import ends

    once.forget("console.ends")
    await ends.judge(site, past, found)


async def _told(visit, found: dict) -> tuple:
    """(bits of what was looked at, bits of what is not good)."""
    checked = failed = 0
    for bit, name in enumerate(_record().CHECKS.split()):
        if name in found:
            checked |= 1 << bit
            failed |= (1 << bit) if found[name] else 0
            await visit.check(name, found[name])
    return checked, failed


def _code(visit, seq: int, checked: int, failed: int) -> str:
    boot = visit.site.journal.boot & 0xFFFF
    return _record().of(visit.about[0], seq, boot, checked, failed)


def _record():
    from lib import short_code

    once.forget("lib.short_code")
    return short_code
