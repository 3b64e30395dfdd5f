"""The text of a time zone, as POSIX 1003.1 8.3 (TZ) and RFC 8536 3.3.1 write it:

    PST8PDT,M3.2.0,M11.1.0      standard time, hours west of UTC, summer time, its start, its end
    <+0330>-3:30                a name that has no letters; no summer time
    IST-1GMT0,M10.5.0,M3.5.0/1  an offset that is not an hour more; local times of the changes

M3.2.0: in March, in week 2 (5: the last), on day 0 (Sunday). J60: day 60 of a year without leap
day, 1 March. 59: day 59 from 0. Times are 02:00 unless told, from -167 h to 167 h. Needed at start
only: see once.py.
"""

from lib.dates import civil, days
from lib.zone import Zone

_TEXT_MAX = 64
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"


def parse(text: str) -> Zone:
    """The zone; ValueError tells what is wrong with the text, and where."""
    if len(text) > _TEXT_MAX:
        raise ValueError("TZ of %d characters; at most %d" % (len(text), _TEXT_MAX))
    reader = _Reader(text)
    reader.name()
    std_s = -reader.time_s(24)
    if reader.is_done():
        return Zone(std_s)
    reader.name()
    dst_s = std_s + 3600 if reader.is_at(",") else -reader.time_s(24)
    start = reader.rule()
    end = reader.rule()
    if not reader.is_done():
        reader.fail("the end")
    return Zone(std_s, dst_s, start, end)


class _Reader:
    """Reads a text from left to right; each method takes what it is named for."""

    def __init__(self, text: str):
        self._text = text
        self._place = 0

    def is_done(self) -> bool:
        return self._place == len(self._text)

    def is_at(self, chars: str) -> bool:
        """Whether one of `chars` comes next."""
        return not self.is_done() and self._text[self._place] in chars

    def fail(self, wanted: str) -> None:
        rest = self._text[self._place :]
        raise ValueError("TZ '%s': '%s' should be %s" % (self._text, rest, wanted))

    def name(self) -> None:
        quoted = self._skip("<")
        chars = _LETTERS + _DIGITS + "+-" if quoted else _LETTERS
        first = self._place
        while self.is_at(chars):
            self._place += 1
        if self._place - first < 3 or (quoted and not self._skip(">")):
            self._place = first
            self.fail("a name of three letters or more")

    def time_s(self, hours_max: int) -> int:
        """[+-]hh[:mm[:ss]] in seconds."""
        sign = -1 if self.is_at("-") else 1
        self._skip("+-")
        time_s = 3600 * self._number(0, hours_max, "hours")
        if self._skip(":"):
            time_s += 60 * self._number(0, 59, "minutes")
            if self._skip(":"):
                time_s += self._number(0, 59, "seconds")
        return sign * time_s

    def rule(self) -> tuple:
        """,date[/time] as Zone has it."""
        self._expect(",")
        if self._skip("M"):
            month = self._number(1, 12, "month")
            self._expect(".")
            week = self._number(1, 5, "week")
            self._expect(".")
            day = self._number(0, 6, "weekday")
        elif self._skip("J"):
            week = 0
            _, month, day = civil(days(2001, 1, self._number(1, 365, "day")))
        else:
            month, week, day = 1, 0, 1 + self._number(0, 365, "day")
        return month, week, day, self.time_s(167) if self._skip("/") else 7200

    def _number(self, low: int, high: int, what: str) -> int:
        first = self._place
        while self.is_at(_DIGITS):
            self._place += 1
        digits = self._text[first : self._place]
        if not digits or not low <= int(digits) <= high:
            self._place = first
            self.fail("%s from %d to %d" % (what, low, high))
        return int(digits)

    def _expect(self, char: str) -> None:
        if not self._skip(char):
            self.fail("a '%s'" % char)

    def _skip(self, chars: str) -> bool:
        """Pass one of `chars`, if it comes next."""
        found = self.is_at(chars)
        self._place += found
        return found
