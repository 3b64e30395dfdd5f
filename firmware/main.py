"""Starts the application on this board, unless it has failed too often."""

import asyncio
import gc

import micropython

import safemode

micropython.kbd_intr(-1)  # MicroPython has switched Ctrl-C on again, for this file (pyexec.c)

# Left alone, the collector of garbage runs when the heap is full: what stays is then scattered all
# over it, and of 15 KB free no piece is above 700 bytes (measured, 32-bit, 112 KiB). Run so often,
# it keeps more than 10 KB of them in one piece. health.py lowers it where less is free.
gc.threshold(8192)

if not safemode.entered():
    import app

    asyncio.run(app.main(safemode.forget_boots))
