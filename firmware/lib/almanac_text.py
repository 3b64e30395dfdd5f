"""An almanac as it arrives: a JSON object, refused whole when anything is wrong.

    v        1
    version  integer; of two almanacs the one with the higher version counts, then the later start
    start    UTC midnight, unix seconds
    days     pairs, [count, row, count, row ...]: so many days from there have that row
    rows     lists of pairs, [until, value, until, value ...]: quarter-hours from UTC midnight, the
             last 96; a period, 0 to 7, or 8 for none, plus 16 while daylight saving time is on
    months   when the billing months begin: quarter-hours from the start, rising; the one that the
             start is in began at or before 0

Needed when an almanac comes, and at start: see once.py.
"""

from lib.almanac import DAY_S, DST, NO_TARIFF, Almanac
from lib.jsontext import load_object

# Why one is refused, as the event tells it: 1 and the place of the key; "v" also for what is no
# such object.
KEYS = ("v", "version", "start", "days", "rows", "months")
BYTES_MAX = 1400
_VERSION_MAX = 0x3FFFFFFF  # a small integer on a 32-bit board
_FIRST_S = 946684800  # 2000-01-01
_LAST_S = 4102444800  # 2100-01-01
_DAYS_MAX = 800
_ROWS_MAX = 64
_MONTHS_MAX = 32


def load(text: bytes) -> Almanac:
    """Check and make it; ValueError with the reason."""
    data = load_object(text) if len(text) <= BYTES_MAX else None
    if data is None or sorted(data) != sorted(KEYS):
        raise ValueError(1)
    for key in KEYS:
        _check(key, type(data[key]) is (int if key in KEYS[:3] else list))
    version, start_s, rows = data["version"], data["start"], data["rows"]
    _check("v", data["v"] == 1)
    _check("version", 1 <= version <= _VERSION_MAX)
    _check("start", _FIRST_S <= start_s < _LAST_S and not start_s % DAY_S)
    _check("rows", 0 < len(rows) <= _ROWS_MAX)
    rows = [_row(pairs) for pairs in rows]
    days = _pairs("days", data["days"])
    counts = _each(days, 0)
    _check("days", min(counts) > 0 and sum(counts) <= _DAYS_MAX)
    _check("days", max(_each(days, 1)) < len(rows))
    return Almanac(version, start_s, days, rows, _months(data["months"]))


def _row(pairs) -> bytes:
    row = _pairs("rows", pairs)
    before = 0
    for until in _each(row, 0):
        _check("rows", before < until)
        before = until
    _check("rows", before == 96 and all(value & ~DST <= NO_TARIFF for value in _each(row, 1)))
    return row


def _pairs(key: str, numbers) -> bytes:
    _check(key, type(numbers) is list and numbers and not len(numbers) % 2)
    for number in numbers:
        _check(key, type(number) is int and 0 <= number < 256)
    return bytes(numbers)


def _each(pairs: bytes, place: int) -> list:
    """The first of every pair, or the second."""
    return [pairs[i] for i in range(place, len(pairs), 2)]


def _months(months: list) -> list:
    _check("months", len(months) <= _MONTHS_MAX)
    before = None
    for month in months:
        _check("months", type(month) is int and abs(month) < 96 * _DAYS_MAX)
        _check("months", before is None or before < month)
        before = month
    return months


def _check(key: str, is_good) -> None:
    if not is_good:
        raise ValueError(KEYS.index(key) + 1)
