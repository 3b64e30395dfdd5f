"""Places in a watch: what leaks/ keeps of a channel with rules."""

COUNT = 0  # its input, one of Pulses.counts
RULES = 1  # lib/leak_rules.py
STATE = 2  # lib/leak.py, as it is stored
TRIP = 3  # at this register it cannot wait; 0: it can
# what the status tells: rules whose alarm is on, days with a leak and without any flow as meters
# tell them (leak.bucket), and whether something, or much, flowed backward
FIGURES = 4
