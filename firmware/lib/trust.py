"""Whether a meter's reading may become its channel's register.

A meter that boots shows zero for a moment, a register starts again at its width or is reset, a
meter is swapped, and now and then a value is simply wrong. A reading becomes the register only
when the meter can have got there by metering: it did not fall, and it rose by no more than the
meter's rating allows for the time since the last one. Everything else is held, until readings are
back where they belong or somebody changes the configuration: what was held is never believed later
merely because time went by.
"""

# What a meter shows may be two minutes old, and 25 % above its rating no meter lasts.
_LATE_S = 120
_MARGIN_PERCENT = 125
# A meter that was powered up together with the collector shows its register by then.
_SETTLED_S = 300
# While no clock tells how long the power was out, a rise that needs to know waits for one; when
# there is none for a day, it may have been a year, as in a house that was shut.
_PATIENCE_S = 86400
_UNKNOWN_S = 366 * 86400

FELL = 1  # below the register: zero at boot, a reset, another meter
JUMPED = 2  # above what the rating allows: a wrong value, another meter
FOREIGN = 3  # the serial number is not the configured one


class Trust:
    """Judge of one register, in Wh.

    offset: register less reading: what the meters replaced before this one have counted.
    modulus: where the meter's own register starts again at 0; 0 when it never does.
    shown: the last value, with the offset; None before the first.
    why: None while readings are trusted; FELL or JUMPED from the first that is held until one is
        trusted again. refused: how many were held so.
    """

    def __init__(self, rating_w: int, offset: int = 0, modulus: int = 0):
        self.offset = offset
        self.why = None
        self.refused = 0
        self._rating_w = rating_w
        self._modulus = modulus
        self.shown = None
        self._shown_s = 0
        self._is_low = False
        self._bar = None

    def judge(
        self, register: int | None, reading: int, uptime_s: int, age_s: int | None
    ) -> int | None:
        """The new register, or None while the reading is not believed.

        register: None when the meter was never read; then two readings in a row must agree.
        age_s: time since that register was read, None when nobody knows.
        """
        value = reading + self.offset
        agrees = self._agrees(value, uptime_s)
        self.shown, self._shown_s = value, uptime_s
        if register is None:
            opens = agrees and value >= 0 and (reading or uptime_s >= _SETTLED_S)
            return value if opens else None
        rise = self._rise(register, value)
        if age_s is None:
            age_s = uptime_s if uptime_s < _PATIENCE_S else _UNKNOWN_S
            if rise > self._allowed(age_s) and age_s == uptime_s:
                return None
        why = self._doubt(rise, agrees, age_s)
        if why:
            self.refused = self.refused + 1 if self.why else 1
            self.why = self.why or why
            return None
        self.why = self._bar = None
        self._is_low = False
        return register + rise

    def _doubt(self, rise: int, agrees: bool, age_s: int) -> int | None:
        """Why a rise is not to be believed; None when it is."""
        if rise < 0:
            # By less than that, a meter fell back to what it had saved, and may count its way up
            # again; a register that fell further must come back at once, or it is another one.
            self._is_low = self._is_low or -rise > self._allowed(0)
            return FELL
        if self._bar is not None and rise >= self._bar:
            return JUMPED
        if rise > self._allowed(age_s):
            self._bar = rise
            return JUMPED
        return FELL if self._is_low and agrees else None

    def _agrees(self, value: int, uptime_s: int) -> bool:
        """Whether a meter that showed the last value can show this one now."""
        if self.shown is None:
            return False
        return 0 <= self._rise(self.shown, value) <= self._allowed(uptime_s - self._shown_s)

    def _rise(self, before: int, after: int) -> int:
        """From one value to the other, the short way round where the register starts again."""
        rise = after - before
        if self._modulus:
            half = self._modulus // 2
            rise = (rise + half) % self._modulus - half
        return rise

    def _allowed(self, elapsed_s: int) -> int:
        """The most energy that can pass the meter in `elapsed_s`."""
        return self._rating_w * _MARGIN_PERCENT * (elapsed_s + _LATE_S) // 360000 + 1
