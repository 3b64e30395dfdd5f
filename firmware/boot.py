"""First thing after every reset: count the boot, before anything else can fail."""

import micropython

import safemode

micropython.kbd_intr(-1)  # Ctrl-C at the serial port stops no collector; words/repl.py lets it

safemode.count_boot()
if safemode.entered():
    print("safe mode: the firmware has failed again and again; it stays off until a power cycle")
