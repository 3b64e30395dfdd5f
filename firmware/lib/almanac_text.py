"""An almanac as it arrives: a JSON object, refused whole when anything is wrong.

    {"v":1,"version":3,"start":1772409600,"days":[5,0,2,1],"rows":[[36,0,96,1],[96,16]],
     "months":[-96,2880]}

    version  of two almanacs the one with the higher version counts, then the later start
    start    UTC midnight, unix seconds
    days     pairs, [count, row, count, row ...]: so many days from there have that row
    rows     lists of pairs, [until, value, until, value ...]: quarter-hours from UTC midnight, the
             last 96; a period, 0 to 7, or 8 for none, plus 16 while daylight saving time is on
    months   when the billing months begin: quarter-hours from the start, rising; the one that the
             start is in began at or before 0

These keys in this order, integers, and no white space: so it is read as it lies there. What a JSON
parser takes of the heap is ten times what comes of it, and there is not so much. Needed when an
almanac comes, and at start: see once.py.
"""

from lib.almanac import DAY_S, DST, NO_TARIFF, Almanac

# Why one is refused, as the event tells it: the place of the key, from 1; "v" also for what is no
# such object.
KEYS = ("v", "version", "start", "days", "rows", "months")
BYTES_MAX = 1400
_VERSION_MAX = 0x3FFFFFFF  # a small integer on a 32-bit board
_FIRST_S = 946684800  # 2000-01-01
_LAST_S = 4102444800  # 2100-01-01
_DAYS_MAX = 800
_ROWS_MAX = 64
_MONTHS_MAX = 32


def load(text: bytes | bytearray | memoryview) -> Almanac:
    """Check and make it; ValueError with the reason."""
    if len(text) > BYTES_MAX:
        raise ValueError(1)
    read = _Reader(text)
    read.key("v")
    read.number(1, 1)
    read.key("version")
    version = read.number(1, _VERSION_MAX)
    read.key("start")
    start_s = read.number(_FIRST_S, _LAST_S)
    read.check(not start_s % DAY_S)
    read.key("days")
    days = read.pairs()
    read.check(min(_each(days, 0)) and sum(_each(days, 0)) <= _DAYS_MAX)
    read.key("rows")
    rows = read.list(_row, _ROWS_MAX)
    read.check(max(_each(days, 1)) < len(rows))
    read.key("months")
    months = read.list(_month, _MONTHS_MAX)
    read.check(_is_rising(months))
    read.end()
    return Almanac(version, start_s, bytes(days), rows, months)


class _Reader:
    """Reads from left to right. reason: why the text is refused where it does not go on."""

    def __init__(self, text: bytes | bytearray | memoryview):
        self._text = text
        self._place = 0
        self._reason = 1

    def key(self, name: str) -> None:
        self._reason = 1
        self._skip(('{"%s":' if name == KEYS[0] else ',"%s":') % name)
        self._reason += KEYS.index(name)

    def end(self) -> None:
        self._reason = 1
        self._skip("}")
        self.check(self._place == len(self._text))

    def check(self, is_good) -> None:
        if not is_good:
            raise ValueError(self._reason)

    def number(self, low: int, high: int) -> int:
        is_negative = self._next() == 45  # "-"
        self._place += is_negative
        first, number = self._place, 0
        while 48 <= self._next() <= 57 and self._place < first + 10:
            number = number * 10 + self._next() - 48
            self._place += 1
        self.check(self._place > first)
        number = -number if is_negative else number
        self.check(low <= number <= high)
        return number

    def list(self, take, most: int) -> list:
        """What `take` makes of each."""
        found = []
        self._skip("[")
        while True:
            found.append(take(self))
            self.check(len(found) <= most)
            if self._next() != 44:  # ","
                self._skip("]")
                return found
            self._place += 1

    def pairs(self) -> bytearray:
        """A list of numbers that fit a byte; an even count of them."""
        self._skip("[")
        end, count = self._place, 1
        while end < len(self._text) and self._text[end] != 93:  # "]"
            count += self._text[end] == 44
            end += 1
        self.check(not count % 2)
        numbers = bytearray(count)  # a list would double as it grows
        for place in range(count):
            self._skip("," if place else "")
            numbers[place] = self.number(0, 255)
        self._skip("]")
        return numbers

    def _next(self) -> int:
        """The next character's code; 0 at the end."""
        return self._text[self._place] if self._place < len(self._text) else 0

    def _skip(self, wanted: str) -> None:
        for char in wanted:
            self.check(self._next() == ord(char))
            self._place += 1


def _row(read: _Reader) -> bytes:
    row = read.pairs()
    read.check(row[0] and row[-2] == 96 and _is_rising(_each(row, 0)))
    read.check(all(value & ~DST <= NO_TARIFF for value in _each(row, 1)))
    return bytes(row)


def _month(read: _Reader) -> int:
    most = 96 * _DAYS_MAX
    return read.number(-most, most)


def _each(pairs: bytes | bytearray, place: int):
    """The first of every pair, or the second."""
    return (pairs[i] for i in range(place, len(pairs), 2))


def _is_rising(numbers) -> bool:
    before = None
    for number in numbers:
        if before is not None and before >= number:
            return False
        before = number
    return True
