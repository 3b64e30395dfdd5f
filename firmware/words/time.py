"""The clock."""

import once
from lib import words

once.forget("lib.words")


async def run(visit, arguments: list) -> tuple:
    """What it shows (None: nothing yet); with a time, it is set first."""
    clock = visit.site.clock
    if arguments:
        from commands import time

        once.forget("commands.time")
        once.forget("lib.arguments")
        return await time.run(visit.site, {"unix_s": words.number(arguments[0])})
    unix_s = clock.unix_s() if clock.known.is_set() else None
    return (("time", unix_s), ("trusted", clock.is_trusted()))
