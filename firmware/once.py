"""Modules that are needed once, at start: used, then forgotten, so that their code does not stay
in the heap.

On this chip a module's code lives in the heap unless it is frozen. The configuration's table, the
profile's checks and the journal's recovery are a fifth of all code, and idle for months.
"""

import sys


def forget(name: str) -> None:
    """Let go of module `name`; the next import loads it again. Its objects live on."""
    package, _, own_name = name.rpartition(".")
    sys.modules.pop(name, None)
    if hasattr(sys.modules.get(package), own_name):
        delattr(sys.modules[package], own_name)
