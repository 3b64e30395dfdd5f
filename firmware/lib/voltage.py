"""Whether the voltage of one phase is what it should be, reading by reading (IEEE 1159, table 4-2:
a sag is from 10 to 90 % of the nominal voltage, a swell above 110 %; below 10 % is an
interruption). No clock here: the caller tells the time.
"""

from micropython import const

GOOD, SAG, SWELL, LOST = 0, 1, 2, 3
_LOST_PERCENT = const(10)
_SAG_PERCENT = const(90)
_SWELL_PERCENT = const(110)
# back again only inside, lest a voltage at the limit be told with every reading
_BACK_PERCENT = const(2)


class Phase:
    """One phase. kind: GOOD, SAG, SWELL or LOST; since_s: when it became so; worst_dv: the reading
    that was farthest from nominal since then.
    """

    def __init__(self, nominal_v: int):
        self.kind = GOOD
        self.since_s = self.worst_dv = 0
        self._nominal_dv = nominal_v * 10

    def take(self, voltage_dv: int, now_s: int) -> tuple | None:
        """A reading: (kind, since_s, worst_dv) of what is over when the kind changes, or None."""
        kind, nominal_dv = self._kind(voltage_dv), self._nominal_dv
        if kind == self.kind:
            if abs(voltage_dv - nominal_dv) > abs(self.worst_dv - nominal_dv):
                self.worst_dv = voltage_dv
            return None
        over = self.kind, self.since_s, self.worst_dv
        self.kind, self.since_s, self.worst_dv = kind, now_s, voltage_dv
        return over

    def _kind(self, voltage_dv: int) -> int:
        before = self.kind
        lost = _LOST_PERCENT + (_BACK_PERCENT if before == LOST else 0)
        sag = _SAG_PERCENT + (_BACK_PERCENT if before in (SAG, LOST) else 0)
        swell = _SWELL_PERCENT - (_BACK_PERCENT if before == SWELL else 0)
        hundredfold, nominal_dv = voltage_dv * 100, self._nominal_dv
        if hundredfold < lost * nominal_dv:
            return LOST
        if hundredfold < sag * nominal_dv:
            return SAG
        return SWELL if hundredfold > swell * nominal_dv else GOOD
