"""Intervals of one channel: the change of its register between aligned boundaries.

A register only rises. An interval is closed with the register read at its end, less the
register read at the end of the last interval that could be closed, so the sum of all
intervals is exactly the register's change, whatever was missed between.

Without a reading at the boundary, but with two less than half a period apart around it, what came
between them is shared out by time, to the unit, and both intervals are ESTIMATED. Where they stand
further apart the interval has no value: it is MISSING, never guessed, and the next one, which then
spans both, is ESTIMATED.

No clock here: times are seconds of whatever clock the caller keeps.
"""

from lib import quality


class Accumulator:
    """One channel.

    register: newest accepted reading, in base units; None before the first.
    boundary_register: where the open interval (and with it the next delta) starts.
    boundary_s: time of that boundary; None when there is none.
    """

    def __init__(self, period_s: int, tolerance_s: int = 30):
        """A reading up to `tolerance_s` from a boundary counts as the one at the boundary."""
        self.register = None
        self.boundary_register = None
        self.boundary_s = None
        self._period_s = period_s
        self._tolerance_s = tolerance_s
        self._at_s = None
        self._due_s = None
        # (register, flags) at _due_s, once a reading has come to it
        self._end: tuple | None = None
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

    def aim(self, due_s: int) -> None:
        """The open interval ends at `due_s`."""
        if due_s != self._due_s:
            self._due_s, self._end = due_s, None

    def reading(self, register: int, at_s: int) -> None:
        """Take a reading; it does not fall (lib/trust.py)."""
        if self.register is None:
            self.open(register)
        if self._due_s is not None and self._end is None and at_s >= self._due_s:
            self._end = self._at_due(register, at_s)
        self.register = register
        self._at_s = at_s

    def is_settled(self, now_s: int) -> bool:
        """Whether no reading to come can tell more of the end of the open interval, which is past:
        one has told it, or the last one is too old for the next to do so.
        """
        if self._end or self._at_s is None or self._at_s >= self._due_s - self._tolerance_s:
            return True
        return now_s - self._at_s > self._period_s // 2

    def mark(self, flags: int) -> None:
        """Add quality `flags` to the open interval."""
        self._flags |= flags

    def shift(self, step_s: int, now_s: int) -> None:
        """The caller's clock was moved by `step_s` and showed `now_s` before: move what is
        remembered with it. What lies ahead of that was told by another clock, and stays.
        """
        if self.boundary_s is not None and self.boundary_s <= now_s:
            self.boundary_s += step_s
        if self._at_s is not None:
            self._at_s += step_s

    def close(self) -> tuple:
        """End the open interval: (delta or None, quality).

        delta None: no reading tells the register there; the flags wait for the interval that has
        one.
        """
        due_s, end = self._due_s, self._end
        self._before = (self.boundary_register, self.boundary_s, self._flags)
        if end is None and self._at_s is not None and abs(self._at_s - due_s) <= self._tolerance_s:
            end = self.register, 0
        if end is None:
            return None, self._flags | quality.MISSING
        register, split = end
        delta = register - self.boundary_register
        flags = self._flags | split
        if self.boundary_s is not None:
            span_s = due_s - self.boundary_s
            if not 0 <= span_s <= self._period_s:  # negative: told by the clock of another boot
                flags |= quality.ESTIMATED
            elif span_s < self._period_s:
                flags |= quality.PARTIAL
        self.boundary_register = register
        self.boundary_s = due_s
        self._flags = split
        return delta, flags

    def reopen(self) -> None:
        """Undo the last close(): its interval could not be stored, so it goes on."""
        self.boundary_register, self.boundary_s, self._flags = self._before

    def _at_due(self, register: int, at_s: int):
        """(register, flags) at the boundary, by the first reading after it and the one before."""
        due_s = self._due_s
        early_s = due_s - self._at_s if self._at_s is not None else -1
        late_s = at_s - due_s
        if late_s <= self._tolerance_s and not 0 <= early_s < late_s:
            return register, 0
        if 0 <= early_s <= self._tolerance_s:
            return self.register, 0
        gap_s = early_s + late_s
        if early_s < 0 or gap_s > self._period_s // 2:
            return None
        return self.register + (register - self.register) * early_s // gap_s, quality.ESTIMATED


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
        self.num = num
        self.den = den

    def add(self, pulses: int) -> int:
        """Count `pulses` more, or backward where negative; returns the register."""
        parts = pulses * self.num + self.carry
        if parts > 0:
            self.register += parts // self.den
            parts %= self.den
        self.carry = parts
        return self.register

    def backward(self) -> int:
        """Whole pulses that must come again before the register rises."""
        return max(0, -self.carry) // self.num
