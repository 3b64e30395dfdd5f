"""The civil calendar. Integers only; good for 2000 to 2100. Days are counted from 1970-01-01."""


def days(year: int, month: int, day: int) -> int:
    """Days of a date of the Gregorian calendar; `day` may lie beyond the month's end."""
    year -= month < 3  # counted from March, a leap day comes last
    return (
        365 * year
        + year // 4
        - year // 100
        + year // 400
        + (153 * ((month + 9) % 12) + 2) // 5
        + day
        - 719469
    )


def civil(day: int) -> tuple:
    """(year, month, day of the month) of a day; the opposite of days()."""
    era, day = divmod(day + 719468, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    return era * 400 + year + month // 10, (month + 2) % 12 + 1, day + 1


def weekday(day: int) -> int:
    """0 is Sunday, as POSIX counts."""
    return (day + 4) % 7


def utc(unix_s: int) -> tuple:
    """(year, month, day, hour, minute, second) of a moment."""
    second = unix_s % 86400
    return civil(unix_s // 86400) + (second // 3600, second // 60 % 60, second % 60)
