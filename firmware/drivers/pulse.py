"""A pulse input on a hardware counter (PCNT): pulses since boot, counted by silicon while the
firmware does other things.
"""

from machine import Counter
from micropython import const

# The filter's ceiling: 1023 cycles of the 80 MHz APB clock (esp32_pcnt.c clamps silently). It
# stops ringing, not the bounce of a reed contact, which lasts milliseconds: that takes an RC
# filter and a Schmitt trigger on the board, or drivers/contact.py.
_FILTER_NS = const(12787)


class PulseInput:
    """A contact to ground at a pin with a pull-up: it closes with a falling edge. Free-running and
    never cleared: a read-and-clear loses the pulses between the two.
    """

    def __init__(self, unit: int, pin):
        self._counter = Counter(unit, pin, edge=Counter.FALLING, filter_ns=_FILTER_NS)

    def pulses(self) -> int:
        """Pulses since this boot."""
        return self._counter.value()

    def bounces(self) -> int:
        """The hardware filter does not count what it stops."""
        return 0

    def fault(self) -> int:
        """Nobody can tell."""
        return 0
