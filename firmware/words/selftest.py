"""Whether all that can be looked at from inside is as it should be."""

import gc

import once


async def run(visit, arguments: list) -> tuple:
    """A line for each thing that was looked at, with what to do where it is not as it should be;
    the verdict.
    """
    answered = await visit.site.collector.read_meter()
    gc.collect()
    failed = 0
    for name, problem in _looked_at(visit.site, answered):
        failed += problem is not None
        await visit.check(name, problem)
    return (("failed", failed), ("verdict", "FAIL" if failed else "PASS"))


def _looked_at(site, answered: bool) -> list:
    from console import examination

    once.forget("console.examination")
    return examination.quick(site, answered)
