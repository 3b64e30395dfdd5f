"""First file of the firmware process: puts the world's API in place, then runs what the board
would run.

Arguments: the two descriptors of the pipe, the folder of the bench, the import path (':' between
folders: the shims, the firmware, others), then the scripts to execute in order.
"""

import sys

BENCH = sys.argv[2]
sys.path[:0] = sys.argv[3].split(":")
IMAGE = sys.path[1]  # the firmware: a folder, or an image of ROMFS
ON_CPYTHON = sys.implementation.name == "cpython"


def has_site_files():
    """Whether a technician has put files onto this board: only there can be certificates."""
    import os

    try:
        os.stat("site")
    except OSError:
        return False
    return True


def take_over_cpython():
    """The shims replace modules of the same name, also built-in ones; MicroPython's old names get
    aliases.
    """
    import binascii
    import importlib.util
    import struct
    import traceback

    if has_site_files():
        # for tls_openssl.py; it is made of the machine's own `socket`
        ours = len(sys.argv[3].split(":")) + 1  # and the folder of this file
        path, sys.path[:] = sys.path[:], sys.path[ours:]
        import ssl  # noqa: F401

        sys.path[:] = path
    for name in ("time", "gc", "select", "socket", "_asyncio"):
        sys.modules.pop(name, None)
        spec = importlib.util.spec_from_file_location(name, BENCH + "/shims/" + name + ".py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    sys.modules["ustruct"] = struct
    sys.modules["ubinascii"] = binascii
    sys.print_exception = traceback.print_exception
    sys.path.insert(0, BENCH)
    import asyncio  # noqa: F401  (host_sim/asyncio, which follows MicroPython's order)

    sys.path.pop(0)


def take_over_micropython():
    """The frozen asyncio stays; only its C core, which reads the real clock, is replaced."""
    sys.path.append(BENCH)
    from shims import _asyncio

    sys.modules["_asyncio"] = _asyncio
    if has_site_files():
        from shims import tls

        sys.modules["tls"] = tls
    sys.path.pop()
    import asyncio  # noqa: F401

    if IMAGE.endswith(".romfs"):
        import rom

        sys.path[1] = rom.mounted(IMAGE)


if ON_CPYTHON:
    take_over_cpython()
else:
    take_over_micropython()

import gc  # noqa: E402
import socket  # noqa: E402

import esp32  # noqa: E402, F401
import link  # noqa: E402
import machine  # noqa: E402, F401
import network  # noqa: E402, F401
import ops  # noqa: E402
import serial_port  # noqa: E402

serial_port.take_over()

# umqtt.simple of the package index still says `usocket`, which MicroPython would resolve past the
# import path.
sys.modules["usocket"] = socket

import umqtt.simple  # noqa: E402, F401  (frozen into stock MicroPython for ESP32: no heap there)

# MicroPython's table of names is made in pools of 20, 40, 80 ... entries, 7 bytes each (qstr.c). A
# firmware of 621 to 1260 names has six of them on the chip, with their heads:
NAME_TABLE_BYTES = 9056
NAME_TABLE_STEP_BYTES = 8192  # no other step of the table is as large as the one at 1260


def reserve_names():
    """Fill the table up to the pool of 1280, so that the firmware's names have one of their own.

    Else the bench's some 350 names (on the chip they are in flash) would make the table double,
    with 9 KB at once, where the chip's would not.
    """
    number = 0
    before = gc.mem_alloc()
    while gc.mem_alloc() - before < NAME_TABLE_STEP_BYTES:
        gc.collect()
        before = gc.mem_alloc()
        getattr(gc, "n%d" % number, None)
        number += 1


def heap_used_bytes():
    """Live bytes on MicroPython's heap that are the bench's (CPython has no such heap: 0)."""
    if ON_CPYTHON:
        return 0
    reserve_names()
    gc.collect()
    names_bytes = 0 if IMAGE.endswith(".romfs") else NAME_TABLE_BYTES
    return gc.mem_alloc() - names_bytes


def main():
    # The world learns how much of this heap is the bench's: on the chip the shims are C and
    # asyncio is frozen.
    link.call(ops.HELLO, 0, heap_used_bytes())
    for script in sys.argv[4:]:
        with open(script) as source:
            code = compile(source.read(), script, "exec")
        exec(code, {"__name__": "__main__"})
        serial_port.kbd_intr(serial_port.CTRL_C)  # as pyexec.c does for the next file


main()
