"""A home with panels near Sydney: both directions to the Wh, over both changes of its clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from host_sim.models.csv_table import DataError
from host_sim.models.home import SECOND_US
from host_sim.models.replay import load_home
from host_sim.models.solar_recording import read_solar
from tests.sim.recorded_books import (
    CHANNELS,
    DELIVERED,
    HOUR_S,
    RECEIVED,
    SYDNEY,
    SYDNEY_LATER,
    sydney_hours,
)
from tests.sim.recordings import solar
from tests.sim.shared_data import needs_shared_data

GOOD = "2011-07-01 00:00:00,0.392,0.0"


@needs_shared_data
def test_every_hour_of_the_year_is_the_recorded_one():
    home = load_home(SYDNEY, seed=1)
    recorded = sydney_hours()
    for channel in CHANNELS:
        hours = {
            hour_s: home.hourly(channel, hour_s)
            for hour_s in range(home.start_s, home.end_s, HOUR_S)
        }
        assert hours == recorded[channel]
        assert home.energy_wh(channel, home.end_s * SECOND_US) == sum(hours.values()) > 90_000
    assert home.gaps == []


@needs_shared_data
def test_a_recording_from_before_2024_is_replayed_whole_weeks_later():
    # No collector believes a time server that says 2011: it would never close an hour.
    home = load_home(SYDNEY, seed=1)
    recorded = datetime(2011, 6, 30, 14, tzinfo=UTC)
    assert datetime.fromtimestamp(home.start_s, UTC) == recorded + SYDNEY_LATER
    assert datetime.fromtimestamp(home.start_s, UTC).isoformat() == "2024-06-27T14:00:00+00:00"
    assert "recorded from 2011-06-30T14:00Z on, replayed 678 weeks later" in home.notices[0]
    with pytest.raises(DataError, match="2011-06-30T14:00Z is outside the recording; start betw"):
        load_home(SYDNEY, 1, int(recorded.timestamp()))


def test_the_hour_that_the_clock_skips_was_never_there(tmp_path):
    # In the night to 2 October two o'clock is three o'clock: with or without the two lines of 0
    # the half hours follow one another.
    before, after = "2011-10-02 01:30:00,0.4,0", "2011-10-02 03:00:00,0.6,0"
    skipped = "2011-10-02 02:00:00,0,0.0", "2011-10-02 02:30:00,0.0,0"
    for lines in ((before, after), (before, *skipped, after)):
        half_hours, gaps = read_solar(solar(tmp_path, *lines))
        assert gaps == []
        assert [each.import_wh for each in half_hours] == [200, 300]
        assert half_hours[1].start_s == half_hours[0].end_s
    with pytest.raises(DataError, match="line 3: 2011-10-02 02:00:00 never was: the clock in Syd"):
        read_solar(solar(tmp_path, before, "2011-10-02 02:00:00,0.1,0"))


def test_the_hour_that_comes_twice_is_shared_out(tmp_path):
    # In the night to 1 April three o'clock is two o'clock again: a line is about both showings.
    path = solar(
        tmp_path,
        "2012-04-01 01:30:00,0.67,0",
        "2012-04-01 02:00:00,1.092,0",
        "2012-04-01 02:30:00,0.12,0.124",
        "2012-04-01 03:00:00,0.448,0",
    )
    half_hours, gaps = read_solar(path)
    assert gaps == []
    assert [each.import_wh for each in half_hours] == [335, 273, 0, 273, 0, 224]
    assert [each.export_wh for each in half_hours] == [0, 0, 1, 0, 1, 0]
    assert [each.start_s - half_hours[0].start_s for each in half_hours] == [
        1800 * nth for nth in range(6)
    ]


def test_half_hours_without_a_line_are_a_gap(tmp_path):
    home = load_home(
        solar(
            tmp_path,
            "2024-07-01 00:00:00,1,0",
            "2024-07-01 01:00:00,1,3",
            "2024-07-01 01:30:00,0.5,0",
        ),
        1,
    )
    (gap,) = home.gaps
    assert (gap.start_s - home.start_s, gap.end_s - home.start_s, gap.line) == (1800, 3600, 3)
    assert "nothing recorded for 0.5 h from 2024-06-30T14:30Z" in home.notices[0]
    hours = [home.start_s, home.start_s + HOUR_S]
    assert [home.hourly(DELIVERED, hour_s) for hour_s in hours] == [500, 250]
    assert [home.hourly(RECEIVED, hour_s) for hour_s in hours] == [0, 1000]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=40))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_does_not_fill_a_wh_goes_on_to_the_next_half_hour(tmp_path, powers):
    # Powers in thousandths of a watt; the half hour has half as many thousandths of a Wh.
    at = datetime(2012, 6, 1)
    lines = [
        f"{at + nth * timedelta(minutes=30)},{used / 1e6!r},{made / 1e6!r}"
        for nth, (used, made) in enumerate(powers)
    ]
    half_hours, _ = read_solar(solar(tmp_path, *lines))
    taken, fed_in = 0, 0
    for nth, (used, made) in enumerate(powers):
        taken, fed_in = taken + max(used - made, 0), fed_in + max(made - used, 0)
        assert sum(each.import_wh for each in half_hours[: nth + 1]) == taken // 2000
        assert sum(each.export_wh for each in half_hours[: nth + 1]) == fed_in // 2000


def test_the_dust_of_binary_fractions_is_nothing(tmp_path):
    lines = (
        "2012-06-01 00:00:00,0.48200000000000004,0",
        "2012-06-01 00:30:00,0,0.45399999999999996",
    )
    half_hours, _ = read_solar(solar(tmp_path, *lines))
    assert [(each.import_wh, each.export_wh) for each in half_hours] == [(241, 0), (0, 227)]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["2011-07-01 00:00:00,x,0"], 'line 2: "x" under "GC" is not a number; write it like'),
        ([GOOD, "2011-07-01 00:30:00,1,-0.1"], 'line 3: -0.1 under "GG" is negative'),
        (["2011-07-01 00:00:00,101,0"], "line 2: more than a house can use; correct or remove"),
        (["2011-07-01 00:00:00+10:00,1,0"], "is not a local time; write it like 2011-07-01 00:30"),
        (["1 July,1,0"], 'line 2: "1 July" is not a local time'),
        (["2011-07-01 00:10:00,1,0"], "is not on the half hour; give one line per half hour"),
        ([GOOD, GOOD], "line 3: 2011-07-01 00:00:00 is not later than the line before; sort"),
        ([GOOD, "2011-07-01 00:30:00,1"], "line 3: 2 cells where the header has 3"),
        ([GOOD], "no full hour in common"),
        ([], "there is no line of data; give at least an hour"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path, lines, message):
    path = solar(tmp_path, *lines)
    with pytest.raises(DataError) as caught:
        load_home(path, 1)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "solar.csv"
    for header, message in (
        (",GC", 'line 1: the column "GG" is missing; the header must have "", GC, GG'),
        ("time,GC,GG", 'the column "" is missing'),
        (",A", 'the columns "", A are of no known recording'),
    ):
        path.write_text(f"{header}\n")
        with pytest.raises(DataError) as caught:
            load_home(path, 1)
        assert message in str(caught.value)
