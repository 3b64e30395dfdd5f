"""The DS3231: a clock with a crystal of its own and a battery (Maxim 19-5170, rev. 10).

It is off by 2 ppm at room temperature, 3.5 ppm at the worst: a second in three days.
"""

from micropython import const

_ADDRESS = const(0x68)
_CONTROL = const(0x0E)
_STATUS = const(0x0F)
_STOPPED = const(0x80)  # OSF in the status: the oscillator has stood still
_RUNS_ON_BATTERY = const(0x1C)  # the control as it is after a reset: EOSC is 0
_YEAR_2000_UNIX_S = const(946684800)
_DAY_S = const(86400)


class DS3231:
    """UTC, in 24-hour mode, from 2000 to 2099; i2c: a machine.I2C."""

    def __init__(self, i2c):
        self._i2c = i2c

    def read(self) -> int | None:
        """UTC in unix seconds; None when no clock answers, or it has stood still, or shows what is
        no time.
        """
        try:
            # in one go: the clock copies all its registers when a transfer begins
            data = self._i2c.readfrom_mem(_ADDRESS, 0, _STATUS + 1)
        except OSError as error:
            print("clock.battery:", error)
            return None
        if data[_STATUS] & _STOPPED:
            return None
        second, minute, hour, _, day, month, year = [(b >> 4) * 10 + (b & 15) for b in data[:7]]
        year -= month < 3  # counted from March, a leap day comes last
        days = 365 * year + year // 4 + (153 * ((month + 9) % 12) + 2) // 5 + day + 59
        unix_s = _YEAR_2000_UNIX_S + days * _DAY_S + (hour * 60 + minute) * 60 + second
        shown = registers(unix_s)
        # What comes back changed was no date, no decimal, in 12-hour mode or of another century.
        return unix_s if shown[:3] == data[:3] and shown[4:] == data[4:7] else None

    def correct(self, unix_s: int) -> None:
        """Set the clock if it is off by more than a second."""
        shown_s = self.read()
        if shown_s is None or abs(shown_s - unix_s) > 1:
            try:
                self._i2c.writeto_mem(_ADDRESS, 0, registers(unix_s))
                self._i2c.writeto_mem(_ADDRESS, _CONTROL, bytes((_RUNS_ON_BATTERY, 0)))
            except OSError:
                pass  # told by read()


def registers(unix_s: int) -> bytes:
    """What the first seven registers show at that time; no use is made of the day of the week."""
    day, second = divmod(unix_s - _YEAR_2000_UNIX_S, _DAY_S)
    day -= 60
    year = (4 * day + 3) // 1461
    day -= 1461 * year // 4
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5 - 1
    month = (month + 2) % 12 + 1
    year = (year + (month < 3)) % 100
    values = second % 60, second // 60 % 60, second // 3600, 1, day, month, year
    return bytes([value // 10 << 4 | value % 10 for value in values])
