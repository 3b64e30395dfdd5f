"""ESP32's `time` over the world's clock: epoch 2000, ticks that wrap at 2^30."""

import link
import ops

_TICKS_PERIOD = 1 << 30
_TICKS_HALF = 1 << 29
_STEP_MS = 1 << 18  # differences of ticks_us hold for twice as long
_DAYS_BEFORE_2000 = 730425  # proleptic Gregorian days from 0000-03-01 to 2000-01-01


def ticks_ms():
    return link.ticks_ms


def ticks_us():
    return link.ticks_us


def ticks_cpu():
    return link.ticks_us


def ticks_add(ticks, delta):
    return (ticks + delta) & (_TICKS_PERIOD - 1)


def ticks_diff(ticks1, ticks2):
    return ((ticks1 - ticks2 + _TICKS_HALF) & (_TICKS_PERIOD - 1)) - _TICKS_HALF


def sleep(seconds):
    sleep_ms(int(seconds * 1000))


def sleep_ms(ms):
    while ms > _STEP_MS:
        _sleep_on(_STEP_MS, 0)
        ms -= _STEP_MS
    _sleep_on(ms, 0)


def sleep_us(us):
    _sleep_on(0, us)


def _sleep_on(ms, us):
    """Sleep on through interrupts, as the port does (mp_hal_delay_ms handles them and goes on
    waiting).
    """
    start_us = link.ticks_us
    while link.call(ops.WAIT, 1, ms, us) == ops.INTERRUPTED:
        passed_us = ticks_diff(link.ticks_us, start_us)
        start_us = link.ticks_us
        left_us = max(0, ms * 1000 + us - passed_us)
        ms, us = left_us // 1000, left_us % 1000


def time():
    link.call(ops.RTC_GET)
    return int.from_bytes(link.payload, "little")


def gmtime(secs=None):
    if secs is None:
        secs = time()
    days, second = secs // 86400, secs % 86400
    year, month, day = _civil(days)
    day_of_year = days - _days(year, 1, 1) + 1
    weekday = (days + 5) % 7  # 2000-01-01 was a Saturday
    return (year, month, day, second // 3600, second // 60 % 60, second % 60, weekday, day_of_year)


localtime = gmtime


def mktime(local_time):
    year, month, day, hour, minute, second = local_time[:6]
    return ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second


def _days(year, month, day):
    """Days since 2000-01-01, counting years from March so that the leap day comes last."""
    if month < 3:
        year -= 1
        month += 12
    return (
        365 * year
        + year // 4
        - year // 100
        + year // 400
        + (153 * month - 457) // 5
        + day
        - 1
        - _DAYS_BEFORE_2000
    )


def _civil(days):
    """(year, month, day) of a day number since 2000-01-01; inverse of _days()."""
    days += _DAYS_BEFORE_2000
    era, day_of_era = days // 146097, days % 146097
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return (era * 400 + year_of_era + (1 if month < 3 else 0), month, day)
