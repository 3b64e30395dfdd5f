"""Quality of an interval: flags that travel unchanged from flash to export; 0 is good.

One algebra: whatever is true of a part is true of the whole, so flags of joined intervals
are OR-ed and never cleared on the way. A flag says why a value deserves a second look;
only MISSING says that there is no value.
"""

PARTIAL = 1  # not all of the interval: the power was out, or it began late
CLOCK_MOVED = 2  # the clock was set by more than a slew
CLOCK_UNTRUSTED = 4  # never synchronised, or too long ago
MISSING = 8  # no value: the register at the boundary is unknown
# the amount is measured, its place in time is not: it spans missing intervals, or was shared out
ESTIMATED = 16
OVERFLOW = 32  # more than the record can hold
CONFIG_CHANGED = 64  # the meter, its weight or the period was changed
DST = 128  # daylight saving time was active
