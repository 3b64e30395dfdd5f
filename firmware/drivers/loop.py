"""Supervision of a pulse input's wire: its current, as the voltage over a resistor."""

from lib import loop


class Loop:
    """adc: a machine.ADC on the resistor of `shunt_ohm`."""

    def __init__(self, adc, shunt_ohm: int):
        self._adc = adc
        self._shunt_ohm = shunt_ohm
        self._seen = loop.GOOD
        self._fault = loop.GOOD

    def now(self) -> int:
        """GOOD, OPEN or SHORT (lib/loop.py) at this moment."""
        return loop.fault(self._adc.read_uv() // self._shunt_ohm)

    def fault(self) -> int:
        """The same; but a fault is over only when two looks in a row are good."""
        seen = self.now()
        if seen or not self._seen:
            self._fault = seen
        self._seen = seen
        return self._fault
