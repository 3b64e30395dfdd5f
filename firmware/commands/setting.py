"""Stores a setting that the head-end commands; it holds from the next start.

Loaded for that: see once.py. To read the configuration, check it and store it takes most of what
is free of a heap that has the code in it.
"""

from micropython import const

import once
from lib import events

_HEAD_END = const(1)


async def run(commands, number: int, arguments: dict) -> None:
    """Reply that it is stored, or why it is not; MemoryError."""
    import config

    once.forget("config")
    books, identity = commands.parts[2], commands.parts[9]
    problems, told = config.change(identity, arguments.get("key"), arguments.get("value"))
    if problems:
        commands.replies.append((number, None, problems[0]))
        return
    books.event(events.CONFIG_SET, (_HEAD_END,) + told)
    commands.replies.append((number, "set", (("restart", 1),)))
