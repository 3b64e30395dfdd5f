"""Ten years of real zones against CPython's own `zoneinfo`, any rule at all against the C library.

A zone's text is the footer of its file in the IANA database, and that file, whose moments up to
2037 are told one by one, is the judge. Casablanca and Gaza are not here: the moon moves their
clocks, which no such text can say.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.dates import civil, days, weekday
from lib.posix_tz import parse
from lib.zone import Zone

HOUR_S = 3600
FIRST_S = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
LAST_S = int(datetime(2035, 1, 1, tzinfo=UTC).timestamp())
END_S = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
ZONES = {
    "America/Los_Angeles": 22,
    "Europe/London": 22,
    "Australia/Sydney": 22,
    "Australia/Lord_Howe": 22,
    "Europe/Dublin": 22,  # its second time is winter's
    "Antarctica/Troll": 22,  # two hours
    "America/Nuuk": 22,  # before midnight, of the day before
    "America/Santiago": 22,  # at 24:00
    "Africa/Cairo": 22,
    "Asia/Kathmandu": 0,
    "Pacific/Kiritimati": 0,
}  # and how often the clock is moved in those years


@cache
def pair(name: str) -> tuple[Zone, ZoneInfo]:
    """Ours and the judge, of one and the same file."""
    content = files("tzdata").joinpath("zoneinfo", name).read_bytes()
    text = content.splitlines()[-1].decode()
    return parse(text), ZoneInfo.from_file(BytesIO(content), name)


def judged(judge: ZoneInfo, unix_s: int) -> tuple[int, bool]:
    """(offset, whether it is the second time) as zoneinfo has it."""
    local = datetime.fromtimestamp(unix_s, judge)
    offset, dst = local.utcoffset(), local.dst()
    assert offset is not None
    return offset // timedelta(seconds=1), bool(dst)


def ours(zone: Zone, unix_s: int) -> tuple[int, bool]:
    return zone.offset_s(unix_s), zone.is_dst(unix_s)


@pytest.mark.parametrize("name", ZONES)
def test_every_half_hour_and_around_every_change(name: str) -> None:
    zone, judge = pair(name)
    changes = []
    before = judged(judge, FIRST_S)
    for unix_s in range(FIRST_S, LAST_S, HOUR_S // 2):
        now = judged(judge, unix_s)
        assert ours(zone, unix_s) == now, unix_s
        if now != before:
            changes.append(unix_s)
        before = now
    assert len(changes) == ZONES[name]
    for change_s in changes:
        for unix_s in range(change_s - 2 * HOUR_S, change_s + 2 * HOUR_S, 60):
            assert ours(zone, unix_s) == judged(judge, unix_s), unix_s
        for unix_s in range(change_s - 90, change_s + 90):
            assert ours(zone, unix_s) == judged(judge, unix_s), unix_s
        assert zone.next_change_s(change_s - HOUR_S, LAST_S) == change_s


@given(st.sampled_from(list(ZONES)), st.integers(FIRST_S, END_S - 1))
def test_any_moment_in_any_order(name: str, unix_s: int) -> None:
    # To 2099: beyond 2037 the judge reads the text, too.
    zone, judge = pair(name)
    assert ours(zone, unix_s) == judged(judge, unix_s)


signs = st.sampled_from(["", "+", "-"])


def clock(hours: int) -> st.SearchStrategy[str]:
    """A time as POSIX writes it: 7, -03:30, +1:02:03."""
    numbers = st.tuples(st.integers(0, hours - 1), st.integers(0, 59), st.integers(0, 59))
    shapes = st.sampled_from(["{}", "{:02}", "{}:{:02}", "{}:{:02}:{:02}"])
    return st.builds(lambda sign, form, hms: sign + form.format(*hms), signs, shapes, numbers)


def dates(first_month: int, last_month: int) -> st.SearchStrategy[str]:
    """A date of each kind between the middles of two months."""
    first, last = 30 * first_month - 15, 30 * last_month - 15
    return st.one_of(
        st.builds(
            "M{}.{}.{}".format,
            st.integers(first_month, last_month),
            st.integers(1, 5),
            st.integers(0, 6),
        ),
        st.integers(first, last).map("J{}".format),
        st.integers(first, last).map(str),
    )


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Any zone, north or south, whose changes stay off New Year and one another: nobody agrees
    what else should mean."""
    ends = [draw(dates(2, 4)), draw(dates(7, 10))]
    times = [draw(st.just("") | clock(167).map("/{}".format)) for _ in range(2)]
    start, end = draw(st.permutations([ends[0] + times[0], ends[1] + times[1]]))
    name = draw(st.sampled_from(["<-07>", "PDT", "<+1330>"]))
    second = draw(st.just("") | clock(24))
    return f"PST{draw(clock(24))}{name}{second},{start},{end}"


@contextmanager
def c_library(text: str) -> Iterator[None]:
    """Local time of the C library as the text says, for a while."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = text
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


@given(texts(), st.lists(st.integers(FIRST_S, END_S - 1), min_size=1, max_size=20))
def test_any_text(text: str, moments: list[int]) -> None:
    # The C library judges: zoneinfo of CPython 3.11 takes day n for day n - 1.
    zone = parse(text)
    with c_library(text):
        for unix_s in moments:
            change_s = zone.next_change_s(unix_s, END_S)
            for near_s in (unix_s, change_s - 1, change_s):
                local = time.localtime(near_s)
                assert ours(zone, near_s) == (local.tm_gmtoff, bool(local.tm_isdst)), near_s


@given(st.text(alphabet="PSTDX<>+-,.:/JM0123456789", max_size=70))
def test_nothing_but_value_errors(text: str) -> None:
    with suppress(ValueError):
        parse(text)


def test_the_calendar_of_a_century() -> None:
    date = datetime(2000, 1, 1)
    while date.year < 2101:
        day = (date - datetime(1970, 1, 1)).days
        assert days(date.year, date.month, date.day) == day
        assert civil(day) == (date.year, date.month, date.day)
        assert weekday(day) == date.isoweekday() % 7
        date += timedelta(days=1)
