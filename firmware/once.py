"""Modules that are needed once, at start: used, then forgotten, so that their code does not stay
in the heap.

On this chip a module's code lives in the heap unless it is frozen. The configuration's table and
the profile's checks are a sixth of all code, and idle for months.
"""

import sys

import lib


def forget(name: str) -> None:
    """Let go of module `lib.<name>`; the next import loads it again. Its objects live on."""
    sys.modules.pop("lib." + name, None)
    if hasattr(lib, name):
        delattr(lib, name)
