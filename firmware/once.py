"""Modules that are needed once, at start: used, then forgotten, so that their code does not stay
in the heap.

On this chip a module's code lives in the heap unless it is frozen. The configuration's table, the
profile's checks and the journal's recovery are a fifth of all code, and idle for months.
"""

import sys

_kept = []


def forget(name: str) -> None:
    """Let go of module `name`; the next import loads it again. Its objects live on."""
    package, _, own_name = name.rpartition(".")
    if name in sys.modules:
        sys.modules[name] = sys  # see _clear()
        del sys.modules[name]
    if hasattr(sys.modules.get(package), own_name):
        _clear(sys.modules[package], own_name)


def keep() -> None:
    """The modules that are loaded now stay."""
    _kept[:] = list(sys.modules)


def sweep() -> None:
    """Let go of all that were loaded since keep(), if it was ever called. Where the heap has no
    room for a module, another one that it had loaded before would stay, with nobody to forget it.
    """
    while _kept:
        for name in sys.modules:
            if name not in _kept:
                break
        else:
            return
        forget(name)


def reserve(modules: int) -> None:
    """Let the table of modules have places for so many, while the heap is whole. It is one piece,
    grows by a third when it is full, and never shrinks: a boot that found no 776 bytes in a row
    for it ended there.
    """
    for number in range(len(sys.modules), modules):
        sys.modules[str(number)] = sys
    for number in range(modules):
        sys.modules.pop(str(number), None)


def made(*things) -> None:
    """Let go of the constructors of these: each is the only one of its class that there will be
    (None: there is none). They are 1.6 KB of the heap of a stock ESP32, 0.4 with code in flash.
    """
    for thing in things:
        if thing is not None:
            _clear(type(thing), "__init__")


def _clear(holder, name: str) -> None:
    # MicroPython's table keeps the value of what is deleted, and all that hangs on it, until the
    # place is wanted for another (py/map.c).
    setattr(holder, name, None)
    delattr(holder, name)
