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
        told = (("check", name), ("ok", problem is None))
        await telling.row(visit, "check", told + ((("do", problem),) if problem else ()))
    return (("failed", failed), ("verdict", "FAIL" if failed else "PASS"))
