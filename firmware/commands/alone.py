"""Does what needs most of the heap that is free, in a task of its own: when all that heard the
command has been let go of. Loaded for that: see once.py.
"""

import asyncio
import gc

import once

_AGAIN_MS = (0, 2000, 20000)  # something may have been under way that is over then


async def run(commands, word: str, number: int, arguments: dict) -> None:
    """Do it, and put the reply to the others of `commands` (a Commands)."""
    for pause_ms in _AGAIN_MS:
        await asyncio.sleep_ms(pause_ms)
        gc.collect()
        try:
            if word == "set":
                from commands import setting as deed
            else:
                from commands import outages as deed

            once.forget("commands.setting")
            once.forget("commands.outages")
            await deed.run(commands, number, arguments)
            break
        except MemoryError:
            once.sweep()
    else:
        commands.replies.append((number, None, "no room in the heap for it"))
    deed = None  # its code goes now
    gc.collect()
    commands.parts[6].wake()
