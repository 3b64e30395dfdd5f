"""Whether all that can be looked at from inside is as it should be."""

import once
from console import examination, telling

once.forget("console.examination")
once.forget("console.telling")


async def run(visit, arguments: list) -> tuple:
    """A line for each thing that was looked at, with what to do where it is not as it should be;
    the verdict.
    """
    failed = 0
    for name, problem in await examination.quick(visit.site):
        failed += problem is not None
        await telling.check(visit, name, problem)
    return (("failed", failed), ("verdict", "FAIL" if failed else "PASS"))
