"""Starts the application on this board, unless it has failed too often."""

import asyncio
import gc

import safemode

# Left alone, the collector of garbage runs when the heap is full: what stays is then scattered all
# over it, and of 15 KB free no piece is above 700 bytes (measured, 32-bit, 112 KiB). Run so often,
# it keeps 13 KB of 17 in one piece, and with code in flash 2.6 KB of 5 in 56 KiB; half as often it
# leaves pieces of 640 bytes there, and messages fail.
gc.threshold(4096)

if not safemode.entered():
    import app

    asyncio.run(app.main(safemode.forget_boots))
