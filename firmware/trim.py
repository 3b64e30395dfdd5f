"""What the start does for the heap. Needed then only: see once.py."""

import sys

import once


def reserve(modules: int) -> None:
    """Let the table of modules have places for so many, while the heap is whole. It is one piece,
    grows by a third when it is full, and never shrinks: a boot that found no 776 bytes in a row
    for it ended there.
    """
    for number in range(len(sys.modules), modules):
        sys.modules[str(number)] = sys
    for number in range(modules):
        sys.modules.pop(str(number), None)


def wipe(depth: int) -> None:
    """Overwrite what earlier calls have left on the stack: the collector takes it for pointers,
    and it kept 4 KB of the start's code.
    """
    if depth:
        wipe(depth - 1)


def made(*things) -> None:
    """Let go of the constructors of these: each is the only one of its class that there will be
    (None: there is none). They are 1.6 KB of the heap of a stock ESP32, 0.4 with code in flash.
    """
    for thing in things:
        if thing is not None:
            once.clear(type(thing), "__init__")
