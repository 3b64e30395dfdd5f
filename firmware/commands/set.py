"""A setting is stored; it holds from the next start.

To read the configuration, check it and store it takes most of what is free of a heap that has the
code in it.
"""

from micropython import const

import once
from lib import events

_HEAD_END = const(1)


async def run(site, arguments: dict) -> tuple:
    """It is stored, and told as an event."""
    import config

    once.forget("config")
    problems, told = config.change(site.identity, arguments.get("key"), arguments.get("value"))
    if problems:
        raise ValueError(problems[0])
    site.books.event(events.CONFIG_SET, (_HEAD_END,) + told)
    return (("restart", 1),)
