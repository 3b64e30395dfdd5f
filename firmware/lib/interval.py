"""Intervals of one channel: the change of its register between aligned boundaries.

A register only rises. An interval is closed with the register read at its end, less the
register read at the end of the last interval that could be closed, so the sum of all
intervals is exactly the register's change, whatever was missed between. What was missed is
flagged, never guessed: without a reading at the boundary an interval has no value, and the
next one, which then spans both, says so.

No clock here: times are seconds of whatever clock the caller keeps, always the same one.
"""

from lib import quality


class Accumulator:
    """One channel.

    register: newest accepted reading, in base units; None before the first.
    boundary_register: where the open interval (and with it the next delta) starts.
    boundary_s: time of that boundary; None when it is not an aligned one.
    """

    def __init__(self, period_s: int, tolerance_s: int = 30):
        """A reading up to `tolerance_s` from a boundary counts as the one at the boundary."""
        self.register = None
        self.boundary_register = None
        self.boundary_s = None
        self._period_s = period_s
        self._tolerance_s = tolerance_s
        self._at_s = None
        self._flags = 0
        self._before = (None, None, 0)

    def open(self, register: int, flags: int = 0) -> None:
        """Begin here, with no history: the first interval is short, hence partial."""
        self.register = register
        self.boundary_register = register
        self.boundary_s = None
        self._flags = quality.PARTIAL | flags

    def restore(self, register: int, boundary_register: int, boundary_s: int | None) -> None:
        """Go on after a boot from what the journal kept; the power was out, so partial.

        boundary_s: None when the clock of that boundary cannot be compared with today's.
        """
        self.open(register)
        self.boundary_register = boundary_register
        self.boundary_s = boundary_s

    def reading(self, register: int, at_s: int) -> None:
        """Take a reading; it does not fall (lib/trust.py)."""
        if self.register is None:
            self.open(register)
        self.register = register
        self._at_s = at_s

    def mark(self, flags: int) -> None:
        """Add quality `flags` to the open interval."""
        self._flags |= flags

    def shift(self, step_s: int) -> None:
        """The caller's clock was moved by `step_s`: move what is remembered with it."""
        if self.boundary_s is not None:
            self.boundary_s += step_s
        if self._at_s is not None:
            self._at_s += step_s

    def close(self, boundary_s: int) -> tuple:
        """End the open interval at `boundary_s`: (delta or None, quality).

        delta None: no reading near the boundary; the flags wait for the interval that has one.
        """
        self._before = (self.boundary_register, self.boundary_s, self._flags)
        if self._at_s is None or abs(self._at_s - boundary_s) > self._tolerance_s:
            return None, self._flags | quality.MISSING
        delta = self.register - self.boundary_register
        flags = self._flags
        if self.boundary_s is not None and boundary_s - self.boundary_s != self._period_s:
            flags |= quality.ESTIMATED
        self.boundary_register = self.register
        self.boundary_s = boundary_s
        self._flags = 0
        return delta, flags

    def reopen(self) -> None:
        """Undo the last close(): its interval could not be stored, so it goes on."""
        self.boundary_register, self.boundary_s, self._flags = self._before


class PulseRegister:
    """Register of a pulse channel: pulses times a weight `num`/`den` in base units, exactly.

    carry: what is beyond the register, in 1/`den` units. Not negative: the part of a unit that is
    not full yet, so no sequence of counts ever drifts from the total. Negative: what ran backward;
    the register, which only rises, waits until so much has come again.
    """

    def __init__(self, num: int, den: int, register: int = 0):
        if num < 1 or den < 1:
            raise ValueError("weight must be positive")
        self.register = register
        self.carry = 0
        self._num = num
        self._den = den

    def add(self, pulses: int) -> int:
        """Count `pulses` more, or backward where negative; returns the register."""
        parts = pulses * self._num + self.carry
        if parts > 0:
            self.register += parts // self._den
            parts %= self._den
        self.carry = parts
        return self.register

    def backward(self) -> int:
        """Whole pulses that must come again before the register rises."""
        return max(0, -self.carry) // self._num
