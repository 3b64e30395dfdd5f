"""Carries commands out."""

import asyncio
import gc
import sys

import once

_WORDS = "ping status read outages resend time leak valve set reboot"
_AGAIN_MS = (0, 2000, 20000)  # something may have been under way that is over then


async def done(site, number: int, word: str, arguments: dict) -> tuple:
    """Carry it out; the reply. site: a commands.site.Site."""
    if word not in _WORDS.split():
        return number, None, "do: must be one of " + _WORDS
    for pause_ms in _AGAIN_MS:
        await asyncio.sleep_ms(pause_ms)
        gc.collect()
        try:
            detail = await _deed(word).run(site, arguments)
            return number, word, detail
        except MemoryError:
            once.sweep()
        except ValueError as refusal:
            return number, None, str(refusal)
    return number, None, "no room in the heap for it"


def _deed(word: str):
    name = "commands." + word
    __import__(name)
    module = sys.modules[name]
    once.forget(name)
    once.forget("lib.arguments")
    return module
