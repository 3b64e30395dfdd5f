"""The current of a supervised loop: a sensor of the NAMUR kind (IEC 60947-5-6), or a contact with
one resistor in series and one across, never breaks the current nor shorts it; a cut or a shorted
wire does.

Thresholds as of GE's Mark VIeS discrete inputs (GEH-6855 vol. II): below 0.4 mA the wire is open,
above 5.85 mA it is shorted.
"""

from micropython import const

GOOD = 0
OPEN = 1
SHORT = 2

_OPEN_UA = const(400)
_SHORT_UA = const(5850)


def fault(current_ua: int) -> int:
    """GOOD, OPEN or SHORT."""
    if current_ua < _OPEN_UA:
        return OPEN
    return SHORT if current_ua > _SHORT_UA else GOOD
