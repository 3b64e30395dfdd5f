"""A tariff as it arrives: a JSON object in the shape of OpenEI's Utility Rate Database (URDB,
openei.org/services/doc/rest/util_rates). Refused whole when anything is wrong, and what is not
known is wrong: a holiday under a mistyped key would be lost silently.

    name                   text
    version                integer; a later tariff has a higher one
    tz                     POSIX TZ of the place (lib/posix_tz.py)
    effective              "YYYY-MM-DD", from local midnight; or integer, unix seconds
    periods                the names of the periods, the first is number 0
    holidays               "MM-DD" each year or "YYYY-MM-DD" once: days that are as a weekend
    energyweekdayschedule  12 months of 24 hours: a period's number; as in URDB
    energyweekendschedule  the same, for Saturday and Sunday

The city's is tariffs/e1_tou.json. Needed when a tariff comes only: see once.py.
"""

from lib import dates, posix_tz
from lib.tariff import PERIODS_MAX, Tariff, holiday
from lib.zone import Zone

_HOLIDAYS_MAX = 40
_TEXT_MAX = 32
_VERSION_MAX = 0x3FFFFFFF  # a small integer on a 32-bit board
_FIRST_S = 946684800  # 2000-01-01
_LAST_S = 4102444800  # 2100-01-01


def load(data: dict) -> Tariff:
    """Check and compile; ValueError names the key and tells what is wrong."""
    facts = {}
    for key in sorted(data):
        if key not in [known for known, _ in _TAKERS]:
            raise ValueError("%s: unknown key" % key)
    for key, take in _TAKERS:
        if key not in data:
            raise ValueError("%s: missing" % key)
        try:
            facts[key] = take(data[key], facts)
        except ValueError as error:
            raise ValueError("%s: %s" % (key, error))
    plan = facts["energyweekdayschedule"] + facts["energyweekendschedule"]
    rows = []
    for row in plan:
        if row not in rows:
            rows.append(row)
    return Tariff(
        facts["name"],
        facts["version"],
        facts["effective"],
        facts["periods"],
        facts["tz"],
        bytes([rows.index(row) for row in plan]),
        b"".join(rows),
        facts["holidays"],
    )


def _text(value, _) -> str:
    if type(value) is not str or not 1 <= len(value) <= _TEXT_MAX:
        raise ValueError("must be a text of 1 to %d characters" % _TEXT_MAX)
    return value


def _version(value, _) -> int:
    if type(value) is not int or not 1 <= value <= _VERSION_MAX:
        raise ValueError("must be an integer from 1 to %d" % _VERSION_MAX)
    return value


def _zone(value, _) -> Zone:
    if type(value) is not str:
        raise ValueError("must be a text")
    return posix_tz.parse(value)


def _effective_s(value, facts: dict) -> int:
    effective_s = value
    if type(value) is str:
        year, month, day = _date(value)
        if not year:
            raise ValueError("'%s' has no year" % value)
        effective_s = facts["tz"].midnight_s(dates.days(year, month, day))
    if type(effective_s) is not int or not _FIRST_S <= effective_s < _LAST_S:
        raise ValueError("must be YYYY-MM-DD or unix seconds, from 2000 to 2099")
    return effective_s


def _periods(value, _) -> tuple:
    if type(value) is not list or not 1 <= len(value) <= PERIODS_MAX:
        raise ValueError("must be 1 to %d names" % PERIODS_MAX)
    names = tuple([_text(name, None) for name in value])
    if len(set(names)) < len(names):
        raise ValueError("the same name twice")
    return names


def _holidays(value, _) -> tuple:
    if type(value) is not list or len(value) > _HOLIDAYS_MAX:
        raise ValueError("must be a list of at most %d dates" % _HOLIDAYS_MAX)
    return tuple([holiday(*_date(text)) for text in value])


def _date(text) -> tuple:
    """(year or 0, month, day) of YYYY-MM-DD or MM-DD."""
    parts = text.split("-") if type(text) is str else ()
    lengths = [len(part) for part in parts]
    if lengths in ([4, 2, 2], [2, 2]) and all(char in "0123456789" for char in "".join(parts)):
        # Year 0 stands for every year; it has a leap day, hence all dates.
        year, month, day = [int(part) for part in ["0"] + parts][-3:]
        if dates.civil(dates.days(year, month, day)) == (year, month, day):
            return year, month, day
    raise ValueError("'%s' is no date MM-DD or YYYY-MM-DD" % text)


def _schedule(value, facts: dict) -> list:
    """The rows of 12 months, in bytes."""
    if type(value) is not list or len(value) != 12:
        raise ValueError("must be 12 lists, one a month")
    rows = []
    for hours in value:
        where = "month %d" % (len(rows) + 1)
        if type(hours) is not list or len(hours) != 24:
            raise ValueError("%s must be a list of 24 numbers" % where)
        for period in hours:
            if type(period) is not int or not 0 <= period < len(facts["periods"]):
                raise ValueError("%s: %s is no period's number" % (where, period))
        rows.append(bytes(hours))
    return rows


# Each takes a value, and what the ones before have taken.
_TAKERS = (
    ("name", _text),
    ("version", _version),
    ("tz", _zone),
    ("effective", _effective_s),
    ("periods", _periods),
    ("holidays", _holidays),
    ("energyweekdayschedule", _schedule),
    ("energyweekendschedule", _schedule),
)
