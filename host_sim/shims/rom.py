"""Code in flash, for MicroPython: an image of ROMFS (tools/rom.py) in memory outside the heap, as
the chip maps its flash.
"""

import os

import ffi
import uctypes
import vfs

_MOUNTED = "/rom"  # where the chip mounts its own
_PROT_READ = 1
_MAP_PRIVATE = 2


def mounted(image):
    """Map the file `image` and mount it; the folder in which it is then found.

    The names are made known at once: what they take of this heap, a frozen build has in flash.
    """
    size = os.stat(image)[6]
    libc = ffi.open(None)
    descriptor = libc.func("i", "open", "si")(image, 0)
    address = libc.func("p", "mmap", "piiiii")(0, size, _PROT_READ, _MAP_PRIVATE, descriptor, 0)
    if descriptor < 0 or address == -1:
        raise OSError("cannot map " + image)
    vfs.mount(vfs.VfsRom(uctypes.bytearray_at(address, size)), _MOUNTED)
    with open(_MOUNTED + "/names") as names:
        for name in names.read().split("\0"):
            getattr(vfs, name, None)
    return _MOUNTED
