"""Recorded homes: the replay says what the recording said, to the unit; bad files are named."""

import csv
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_sim.models.csv_table import DataError
from host_sim.models.home import HOUR_US, SECOND_US
from host_sim.models.recorded_home import minutes_w, uses
from host_sim.models.recording import Metered, Reading
from host_sim.models.replay import load_home, weeks_to_shift
from tests.sim.recordings import DSMR_FILE, at_us, dsmr, water
from tests.sim.shared_data import SHARED_DATA, needs_shared_data

WATER_FOLDER = SHARED_DATA / "water" / "daiad_dev"


def recorded_hours() -> dict[int, tuple[int, int, int]]:
    """Hour -> import Wh, export Wh, gas dm3: read in another way than the model does."""
    hours = {}
    with DSMR_FILE.open() as file:
        for row in csv.reader(file):
            if row[0].startswith("2024"):
                low, normal, back_low, back_normal, gas = (
                    round(float(cell) * 1000) for cell in row[1:]
                )
                hour = int(datetime.fromisoformat(row[0]).timestamp())
                hours[hour] = (low + normal, back_low + back_normal, gas)
    return hours


@needs_shared_data
def test_every_hour_of_the_year_is_the_recorded_one():
    home = load_home(DSMR_FILE, seed=1)
    hours = recorded_hours()
    assert (home.start_s, home.end_s) == (min(hours), max(hours) + 3600)
    gas_dm3 = 0
    for hour in range(home.start_s, home.end_s, 3600):
        import_wh, export_wh, hour_dm3 = hours.get(hour, (0, 0, 0))
        assert home.hourly("electricity_delivered", hour) == import_wh
        assert home.hourly("electricity_received", hour) == export_wh
        # A pulse is 10 dm3: what is left of an hour counts in the next.
        before_dm3, gas_dm3 = gas_dm3, gas_dm3 + hour_dm3
        assert home.hourly("gas", hour) == (gas_dm3 // 10 - before_dm3 // 10) * 10
    assert gas_dm3 > 500_000
    assert home.pulses("water", home.start_s * SECOND_US, home.end_s * SECOND_US) == []


@needs_shared_data
def test_the_two_real_holes_are_reported_and_the_meters_stand_still_there():
    home = load_home(SHARED_DATA, seed=1)
    first, second = home.gaps
    # The last hour before is that of 12:00 (UTC+1), the first after it that of 18:00 a day later.
    assert first.start_s * SECOND_US == at_us("2024-03-16T13:00+01:00")
    assert first.end_s * SECOND_US == at_us("2024-03-17T18:00+01:00")
    assert second.start_s * SECOND_US == at_us("2024-03-21T06:00+01:00")
    assert second.end_s - second.start_s == 3600
    for gap in home.gaps:
        from_us, to_us = gap.start_s * SECOND_US, gap.end_s * SECOND_US
        for channel in ("electricity_delivered", "electricity_received"):
            assert home.energy_wh(channel, from_us) == home.energy_wh(channel, to_us)
        assert home.pulses("gas", from_us, to_us) == []
        assert home.power_w(from_us) == home.power_w(to_us - 1) == 0
    assert home.energy_wh("electricity_delivered", first.start_s * SECOND_US) > 0
    assert [notice for notice in home.notices if "29 h from 2024-03-16T12:00Z" in notice]


@needs_shared_data
@pytest.mark.parametrize("seed", range(6))
def test_water_flows_between_the_readings_that_recorded_it(seed):
    home = load_home(SHARED_DATA, seed)
    path = sorted(WATER_FOLDER.glob("*.csv"))[seed]
    assert home.name.endswith(path.stem)
    # Independent of the model: 417 weeks later, in Alicante's two offsets of 2016.
    summer = (datetime(2016, 3, 27, 2), datetime(2016, 10, 30, 2, 45))
    previous: tuple[int, int] | None = None
    checked = 0
    with path.open() as file:
        for text, register in list(csv.reader(file))[1:]:
            local = datetime.fromisoformat(text)
            if summer[1] - timedelta(hours=2) < local < summer[1] + timedelta(hours=1):
                previous = None  # the hour that shows twice has a test of its own
                continue
            offset = 2 if summer[0] <= local <= summer[1] else 1
            unix_s = int((local - timedelta(hours=offset)).replace(tzinfo=UTC).timestamp())
            reading_us = (unix_s + 417 * 7 * 86_400) * SECOND_US
            inside = home.start_s * SECOND_US <= (previous or (0, 0))[0]
            if previous and inside and reading_us <= home.end_s * SECOND_US:
                pulses = home.pulses("water", previous[0], reading_us)
                assert len(pulses) == int(register) - previous[1], text
                assert all(previous[0] < pulse_us < reading_us for pulse_us in pulses)
                checked += 1
            previous = (reading_us, int(register))
    assert checked > 6000


@needs_shared_data
def test_weekdays_agree_and_the_replay_begins_with_the_first_full_hour():
    home = load_home(SHARED_DATA, seed=1)
    begin = datetime.fromtimestamp(home.start_s, UTC)
    # Recorded from Tuesday 1 March 2016, 00:24 in Alicante.
    assert begin.isoformat() == "2024-02-27T00:00:00+00:00"
    assert begin.weekday() == datetime(2016, 3, 1).weekday()
    assert home.end_s * SECOND_US == at_us("2025-01-01T00:00+01:00")


@needs_shared_data
def test_a_seed_gives_one_replay_and_a_later_start_the_same_hours():
    home, again = load_home(SHARED_DATA, 7), load_home(SHARED_DATA, 7)
    other = load_home(SHARED_DATA, 13)  # the same water home, other places within the hours
    later = load_home(SHARED_DATA, 7, start_s=home.start_s + 40 * 86_400)
    from_us = home.start_s * SECOND_US + 45 * 24 * HOUR_US
    to_us = from_us + 72 * HOUR_US
    pulses = home.pulses("water", from_us, to_us)
    assert pulses == again.pulses("water", from_us, to_us) == later.pulses("water", from_us, to_us)
    assert pulses != other.pulses("water", from_us, to_us)
    for hour in range(from_us // SECOND_US, to_us // SECOND_US, 3600):
        for channel in ("electricity_delivered", "electricity_received"):
            assert home.hourly(channel, hour) == later.hourly(channel, hour)
    assert later.energy_wh("electricity_delivered", later.start_s * SECOND_US) == 0
    with pytest.raises(DataError, match="outside the recording; start between 2024-02-27T"):
        load_home(SHARED_DATA, 7, start_s=home.start_s - 3600)
    with pytest.raises(DataError, match="not on the hour"):
        load_home(SHARED_DATA, 7, start_s=home.start_s + 60)


def test_a_fall_is_no_consumption_and_is_listed(tmp_path):
    # A new meter starts near zero: nobody drank the difference, and nobody gave it back.
    path = water(
        tmp_path,
        "2016-03-01 00:10:00,5000",
        "2016-03-01 01:10:00,5004",
        "2016-03-01 02:10:00,3",
        "2016-03-01 03:10:00,8",
        "2016-03-01 04:10:00,8",
    )
    home = load_home(path, 1)
    from_us = home.start_s * SECOND_US
    assert from_us == at_us("2024-02-27T01:00+01:00")
    late = home.pulses("water", at_us("2024-02-27T01:10+01:00"), from_us + 100 * HOUR_US)
    assert len(late) == 5
    (fall,) = home.falls
    assert (fall.before, fall.after, fall.line) == (5004, 3, 4)
    assert [notice for notice in home.notices if "falls from 5004 to 3 L" in notice]


def test_after_the_recording_the_meters_stand_still(tmp_path):
    line = ",0.5,0.1,0,0.2,0.095"
    path = dsmr(tmp_path, f"2024-01-01T00:00:00+01:00{line}", f"2024-01-01T01:00:00+01:00{line}")
    home = load_home(path, 1)
    end_us = home.end_s * SECOND_US
    assert end_us - home.start_s * SECOND_US == 2 * HOUR_US
    assert home.energy_wh("electricity_delivered", end_us) == 1200
    assert home.energy_wh("electricity_delivered", end_us + 999 * HOUR_US) == 1200
    assert home.energy_wh("electricity_received", end_us + 999 * HOUR_US) == 400
    assert len(home.pulses("gas", 0, end_us + 999 * HOUR_US)) == 19


def test_a_later_start_begins_with_an_empty_dial_and_the_end_cuts_the_last_hour(tmp_path):
    # 9 dm3 an hour, from the third hour on: 9, 18 and 27 make no, one and two pulses.
    gas = [f"2024-01-01T0{hour}:00:00+01:00,0,0,0,0,0.009" for hour in range(5)]
    start_s = at_us("2024-01-01T02:00+01:00") // SECOND_US
    home = load_home(dsmr(tmp_path, *gas), 1, start_s)
    assert [home.hourly("gas", start_s + nth * 3600) for nth in range(3)] == [0, 10, 10]
    # Water is read half an hour after the last full hour: what flows then is beyond the replay.
    readings = [f"2024-01-01 0{hour}:30:00,{hour * 400}" for hour in range(4)]
    home = load_home(water(tmp_path, *readings), 1)
    end_us = home.end_s * SECOND_US
    assert end_us == at_us("2024-01-01T03:00+01:00")
    assert home.pulses("water", end_us, end_us + 9 * HOUR_US) == []
    assert 400 < len(home.pulses("water", 0, end_us)) < 1000


@given(st.integers(0, 50_000), st.integers(0, 50_000), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_minutes_hold_the_hour_exactly_and_one_direction_each(import_wh, export_wh, rng):
    watts = minutes_w(Metered(0, import_wh, export_wh, 0), rng)
    assert len(watts) == 60
    assert sum(max(w, 0) for w in watts) == import_wh * 60
    assert sum(max(-w, 0) for w in watts) == export_wh * 60


@given(st.integers(-5, 3000), st.integers(1, 6 * 3600), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_uses_stay_strictly_between_their_readings(litres, lasts_s, rng):
    times = uses(litres, 1_000_000, 1_000_000 + lasts_s * SECOND_US, rng)
    assert len(times) == max(litres, 0)
    assert times == sorted(times)
    assert all(1_000_000 < at < 1_000_000 + lasts_s * SECOND_US for at in times)


def test_uses_come_in_clusters():
    # Real water comes in draws: most litres follow the last within seconds, some after long quiet.
    hours = [uses(30, 0, HOUR_US, random.Random(nth)) for nth in range(200)]
    steps = [later - earlier for times in hours for earlier, later in pairwise(times)]
    assert sum(step <= 15 * SECOND_US for step in steps) > 0.7 * len(steps)
    assert sum(step > 300 * SECOND_US for step in steps) > 200


@given(st.integers(-4000, 4000))
@settings(deadline=None)
def test_the_shift_keeps_weekday_and_season(days):
    begin = datetime(2012, 5, 9, 7, 30, tzinfo=UTC) + timedelta(days=days)
    end = begin + timedelta(days=300)
    readings = [Reading(int(begin.timestamp()), 0, 2), Reading(int(end.timestamp()), 0, 3)]
    first_s = int(datetime(2023, 12, 31, 23, tzinfo=UTC).timestamp())
    hours = [Metered(first_s + hour * 3600, 0, 0, 0) for hour in (0, 366 * 24 - 1)]
    moved = begin + timedelta(weeks=weeks_to_shift(readings, hours))
    assert moved.weekday() == begin.weekday()
    off_days = (moved.timetuple().tm_yday - begin.timetuple().tm_yday) % 365
    assert min(off_days, 365 - off_days) <= 5
    moved_s = int(moved.timestamp())
    assert hours[0].start_s < moved_s + 300 * 86_400
    assert moved_s < hours[-1].start_s


def test_hours_are_the_sum_of_their_readings_for_a_meter_read_on_the_hour(tmp_path):
    litres = [0, 7, 7, 120, 121, 121, 400]
    lines = [f"2016-05-01 {hour:02}:00:00,{total}" for hour, total in enumerate(litres)]
    home = load_home(water(tmp_path, *lines), 4)
    hours = [home.hourly("water", home.start_s + nth * 3600) for nth in range(6)]
    assert hours == [7, 0, 113, 1, 0, 279]
