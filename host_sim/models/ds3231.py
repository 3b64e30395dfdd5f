"""A DS3231 as its data sheet has it (Maxim 19-5170, rev. 10): registers, calendar, battery."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

ADDRESS = 0x68
REGISTERS = 0x13  # beyond the last one the pointer goes on at 0
MONTH, CONTROL, STATUS = 0x05, 0x0E, 0x0F
EOSC = 0x80  # in CONTROL: stand still while on battery
OSF = 0x80  # in STATUS: has stood still; only a 0 can be written to it
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_CENTURY = timedelta(days=36525)  # 2000 to 2099


class DS3231:
    """New from the reel: it has never run, and shows the beginning of 2000.

    `now_us` is the true time; the crystal runs `ppm` fast.
    """

    def __init__(self, now_us: Callable[[], int], ppm: int = 0) -> None:
        self._now_us = now_us
        self._ppm = ppm
        self._registers = bytearray(REGISTERS)
        self._registers[CONTROL] = 0x1C
        self._registers[STATUS] = OSF | 0x08
        self._shown_us = 0  # since the beginning of 2000, when it was last set
        self._set_us = now_us()
        self._weekday = 1

    def stop(self) -> None:
        """The battery was flat: the clock begins anew, and says so."""
        self._registers[STATUS] |= OSF
        self._set(0)

    def read(self, register: int, count: int) -> bytes:
        """Registers from `register` on, as they are at this moment."""
        self._registers[:7] = self._calendar()
        return bytes(self._registers[(register + i) % REGISTERS] for i in range(count))

    def write(self, register: int, data: bytes) -> None:
        """Write registers from `register` on."""
        self._registers[:7] = self._calendar()
        osf = self._registers[STATUS] & OSF
        for i, value in enumerate(data):
            self._registers[(register + i) % REGISTERS] = value
        self._registers[STATUS] &= osf | ~OSF
        if register < 7:
            self._set_calendar()

    def _now(self) -> datetime:
        passed_us = self._now_us() - self._set_us
        passed_us += passed_us * self._ppm // 1_000_000
        return _BEGINNING + timedelta(microseconds=self._shown_us + passed_us)

    def _calendar(self) -> bytes:
        now = self._now()
        month = _bcd(now.month) | (0x80 if now - _BEGINNING >= _CENTURY else 0)
        parts = [_bcd(now.second), _bcd(now.minute), _bcd(now.hour), self._weekday, _bcd(now.day)]
        return bytes([*parts, month, _bcd(now.year % 100)])

    def _set_calendar(self) -> None:
        second, minute, hour, self._weekday, day, month, year = self._registers[:7]
        set_to = datetime(
            2000 + _number(year) + (100 if month & 0x80 else 0),
            _number(month & 0x1F),
            _number(day),
            _number(hour),
            _number(minute),
            _number(second),
            tzinfo=UTC,
        )
        self._set((set_to - _BEGINNING) // timedelta(microseconds=1))

    def _set(self, shown_us: int) -> None:
        self._shown_us, self._set_us = shown_us, self._now_us()


def _bcd(value: int) -> int:
    return value // 10 << 4 | value % 10


def _number(bcd: int) -> int:
    return (bcd >> 4) * 10 + (bcd & 15)
