"""First thing after every reset: count the boot, before anything else can fail."""

import safemode

safemode.count_boot()
if safemode.entered():
    print("safe mode: the firmware has failed again and again; it stays off until a power cycle")
