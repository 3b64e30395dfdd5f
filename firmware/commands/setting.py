"""Stores a setting that the head-end commands; it holds from the next start.

Loaded for that, when all else of the command has been let go of: to read the configuration, check
it and store it takes most of what is free of a heap that has the code in it.
"""

import gc

from micropython import const

import once
from lib import events

_HEAD_END = const(1)


def store(commands, number: int, key, value) -> None:
    """Reply that it is stored, or why it is not."""
    books, identity = commands.parts[2], commands.parts[9]
    gc.collect()
    try:
        import config

        problems, told = config.change(identity, key, value)
        del config
    except MemoryError:
        once.sweep()
        problems = ["no room in the heap for it"]
    finally:
        once.forget("config")
        gc.collect()
    if problems:
        commands.replies.append((number, None, problems[0]))
        return
    books.event(events.CONFIG_SET, (_HEAD_END,) + told)
    commands.replies.append((number, "set", (("restart", 1),)))
