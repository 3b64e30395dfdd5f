"""The almanac, quarter-hour by quarter-hour, judged by the standard library's time zones."""

import json
import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

import tools.firmware_path  # noqa: F401  (the next import is the firmware's)
from lib import almanac_text
from tests.tools.rate_plans import ZONES, city, schedules, seasonal, wall_clock
from tools.headend import almanac
from tools.headend.tariffs import TariffError

DAY_S, QUARTER_S = 86_400, 900
START_S = 1_768_003_200  # 2026-01-10 00:00 UTC
NO_TARIFF, DST = 8, 16


def each_day(data: dict) -> list[int]:
    """The place of every day's row."""
    counts, places = data["days"][::2], data["days"][1::2]
    assert all(0 < count < 256 for count in counts)
    return [place for count, place in zip(counts, places, strict=True) for _ in range(count)]


def read(text: bytes) -> tuple[dict, list[int]]:
    """The almanac and its value of every quarter-hour, as a collector reads it."""
    data = json.loads(text)
    values = []
    for place in each_day(data):
        row, quarter, before = data["rows"][place], 0, None
        for until, value in zip(row[::2], row[1::2], strict=True):
            assert quarter < until <= 96 and value & ~DST <= NO_TARIFF and value != before
            values += [value] * (until - quarter)
            quarter, before = until, value
        assert quarter == 96
    return data, values


def expected(plans: list[dict], starts_s: list[int], zone: ZoneInfo, unix_s: int) -> int:
    """By the wall clock: `plans` from `starts_s` on."""
    holding = [plan for plan, start_s in zip(plans, starts_s, strict=True) if unix_s >= start_s]
    period, is_dst = wall_clock(holding[-1] if holding else plans[0], zone, unix_s)
    return (period if holding else NO_TARIFF) + DST * is_dst


def wrong(text: bytes, plans: list[dict], starts_s: list[int], zone: ZoneInfo) -> list[str]:
    """The quarter-hours that the wall clock puts elsewhere."""
    data, values = read(text)
    return [
        datetime.fromtimestamp(at_s, UTC).isoformat()
        for quarter, value in enumerate(values)
        if value != expected(plans, starts_s, zone, at_s := data["start"] + quarter * QUARTER_S)
    ]


def local_s(zone: ZoneInfo, year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=zone).timestamp())


@pytest.mark.parametrize("plan", [city, seasonal])
@pytest.mark.parametrize("name", ZONES)
def test_every_quarter_hour_of_a_year_and_more(name, plan):
    # A clock that moves by an hour, by half of one, at both ends of the world, or never; seasons,
    # weekends and holidays of local days, which no UTC day is: none may be a quarter-hour off.
    zone = ZoneInfo(name)
    text = almanac.compile(schedules(plan(name)), START_S)
    assert wrong(text, [plan(name)], [local_s(zone, 2026, 1, 1)], zone) == []
    data, values = read(text)
    assert 365 * 96 < len(values) <= 430 * 96 and len(text) <= 1400 and len(data["rows"]) <= 64
    assert list(data) == ["v", "version", "start", "days", "rows", "months"]
    assert (data["v"], data["version"], data["start"]) == (1, 1, START_S)
    assert json.dumps(data, separators=(",", ":")).encode() == text
    # No row is there twice or for nothing.
    assert len(set(map(tuple, data["rows"]))) == len(data["rows"]) == len(set(each_day(data)))


def test_the_judge_can_find_a_fault():
    # The rule of a neighbour: London's clock is moved at the moment of Berlin's, not of Dublin's.
    text = almanac.compile(schedules(city(tz="GMT0BST,M3.5.0/2,M10.5.0")), START_S)
    found = wrong(text, [city()], [START_S - 30 * DAY_S], ZoneInfo("Europe/London"))
    assert found == [f"2026-03-29T01:{minute:02}:00+00:00" for minute in (0, 15, 30, 45)]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("billing_day", [1, 10, 28])
def test_months_begin_at_local_midnight_of_the_billing_day(name, billing_day):
    zone = ZoneInfo(name)
    data, _ = read(almanac.compile(schedules(city(name)), START_S, billing_day=billing_day))
    every = [local_s(zone, 2025 + month // 12, month % 12 + 1, billing_day) for month in range(36)]
    first = max(at_s for at_s in every if at_s <= START_S)
    months = [START_S + quarter * QUARTER_S for quarter in data["months"]]
    assert months == [at_s for at_s in every if first <= at_s < START_S + 430 * DAY_S]


def test_before_the_first_tariff_there_is_none():
    zone = ZoneInfo("America/Los_Angeles")
    plan = seasonal(effective="2026-04-15")
    text = almanac.compile(schedules(plan), START_S)
    start_s = local_s(zone, 2026, 4, 15)
    assert wrong(text, [plan], [start_s], zone) == []
    _, values = read(text)
    before = values[: (start_s - START_S) // QUARTER_S]
    assert set(before) == {NO_TARIFF, NO_TARIFF + DST}
    assert not {NO_TARIFF, NO_TARIFF + DST} & set(values[len(before) :])


def test_the_following_tariff_holds_from_its_date():
    # Another plan from 1 July on: in one almanac, under the version of the newer one.
    zone = ZoneInfo("Australia/Sydney")
    first = seasonal("Australia/Sydney", version=4)
    second = city("Australia/Sydney", version=7, effective="2026-07-01", periods=["a", "b", "c"])
    text = almanac.compile(schedules(first, second), START_S)
    starts_s = [local_s(zone, 2026, 1, 1), local_s(zone, 2026, 7, 1)]
    assert wrong(text, [first, second], starts_s, zone) == []
    assert read(text)[0]["version"] == 7


def test_fewer_days_where_a_year_does_not_fit():
    # Another plan each month: 430 days take more than the collector's buffer.
    weekdays = [
        [0] * month + [1] * 3 + [0] * 4 + [2] * 2 + [0] * (15 - month) for month in range(12)
    ]
    plan = city(energyweekdayschedule=weekdays, energyweekendschedule=[[0] * 24] * 12)
    text = almanac.compile(schedules(plan), START_S)
    data, values = read(text)
    days = len(each_day(data))
    assert 230 <= days < 430 and 1350 < len(text) <= 1400 and len(values) == days * 96
    assert wrong(text, [plan], [0], ZoneInfo("America/Los_Angeles")) == []
    assert data["months"][-1] < days * 96


@pytest.mark.parametrize("plan", [city, seasonal])
@pytest.mark.parametrize("name", ZONES)
def test_a_collector_reads_it_as_it_was_meant(name, plan):
    # Two programs have the format, one writes it and one reads it: what one says the other hears.
    zone = ZoneInfo(name)
    text = almanac.compile(schedules(plan(name)), START_S, billing_day=20)
    heard = almanac_text.load(text)
    data, values = read(text)
    assert (heard.version, heard.start_s) == (1, START_S)
    assert heard.until_s == START_S + len(values) * QUARTER_S
    quarters = [START_S + quarter * QUARTER_S for quarter in range(len(values))]
    assert [heard.value(at_s, QUARTER_S) for at_s in quarters] == values
    for at_s in quarters[::96]:
        month = datetime.fromtimestamp(heard.month_s(at_s), zone)
        assert (month.day, month.hour, month.minute) == (20, 0, 0)
        assert heard.month_s(at_s) <= at_s < heard.month_s(at_s) + 31 * DAY_S + 3600


def test_what_cannot_be_said_is_refused_in_one_line():
    hourly = [[(hour + month) % 3 for hour in range(24)] for month in range(12)]
    much = schedules(city(energyweekdayschedule=hourly, energyweekendschedule=hourly[::-1]))
    for refused, told in (
        (lambda: almanac.compile(much, START_S), "E-1-TOU, version 1: 230 days have .. different"),
        # Liberia before 1972: 44 minutes and a half.
        (
            lambda: almanac.compile(schedules(city(tz="<-004430>0:44:30")), START_S),
            "2026-01-10 09:44:30 UTC, which is not on a quarter-hour",
        ),
        (
            lambda: almanac.compile(schedules(city(effective=START_S + 60)), START_S),
            "2026-01-10 00:01:00 UTC, which is not on a quarter-hour",
        ),
        # The clock is moved at 02:10, within one hour of one period.
        (
            lambda: almanac.compile(schedules(city(tz="PST8PDT,M3.2.0/2:10,M11.1.0")), START_S),
            "2026-03-08 10:10:00 UTC, which is not on a quarter-hour",
        ),
        (lambda: almanac.compile(schedules(city()), START_S + 1), "must begin at a UTC midnight"),
        (lambda: almanac.compile(schedules(city()), START_S, 801), "1 to 800 days"),
        (lambda: almanac.compile(schedules(city()), START_S, 430, 29), "a day from 1 to 28"),
    ):
        with pytest.raises(TariffError, match=told) as refusal:
            refused()
        assert "\n" not in str(refusal.value)


def test_compiled_once_a_day_from_the_day_before():
    almanacs = almanac.Almanacs(schedules(city(version=3)), billing_day=15)
    told = almanacs(START_S + 60)
    assert told is not None and told[0] == 3
    assert told[1] == almanac.compile(schedules(city(version=3)), START_S - DAY_S, billing_day=15)
    again, later = almanacs(START_S + DAY_S - 1), almanacs(START_S + DAY_S)
    assert again is not None and again[1] is told[1]
    assert later is not None and json.loads(later[1])["start"] == START_S


def test_what_no_longer_fits_is_told_once_a_day(caplog):
    # A head-end that runs for months must not die of the tariff's next season, nor be silent.
    almanacs = almanac.Almanacs(schedules(city(tz="PST8PDT,M3.2.0/2:10,M11.1.0")))
    with caplog.at_level(logging.WARNING):
        assert almanacs(START_S) is almanacs(START_S + 60) is None
    assert len(caplog.messages) == 1 and "no collector is told the tariff" in caplog.messages[0]
