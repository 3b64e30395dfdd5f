"""One line: heard, then done."""

import gc
import sys

import once


async def line(console, byte: int) -> None:
    """Serve the line that begins with `byte`."""
    if type(console.about) is tuple:
        console.about = _begun(*console.about)
    visit = console.about
    try:
        asked = await _module("console.hearing").heard(visit, console.reader, byte)
        if asked:
            await _module("console.doing").done(visit, *asked)
    except MemoryError:
        once.sweep()
        gc.collect()
        sys.stdout.buffer.write(b'\r\n{"refused":"no room in the heap"}\r\n')


def _begun(*about):
    from console.visit import Visit

    once.forget("console.visit")
    visit = Visit(*about)
    once.clear(Visit, "__init__")
    return visit


def _module(name: str):
    __import__(name)
    module = sys.modules[name]
    once.forget(name)
    return module
