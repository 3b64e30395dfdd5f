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
        sys.modules[name] = sys  # see clear()
        del sys.modules[name]
    if hasattr(sys.modules.get(package), own_name):
        clear(sys.modules[package], own_name)


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


def clear(holder, name: str) -> None:
    """Let go of what `holder` has by that name."""
    # MicroPython's table keeps the value of what is deleted, and all that hangs on it, until the
    # place is wanted for another (py/map.c).
    setattr(holder, name, None)
    delattr(holder, name)
