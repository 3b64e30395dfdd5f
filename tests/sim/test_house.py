"""The built-in house: what it says adds up, repeats, and could be a real house."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_sim.models.climate import Climate
from host_sim.models.flow import Flow
from host_sim.models.home import DAY_US, ELECTRICITY, HOUR_US, MINUTE_US, PULSE_WEIGHT, SECOND_US
from host_sim.models.house import House
from host_sim.models.sun import SolarRoof

NEW_YEAR_S = 1_704_063_600  # 2024-01-01 00:00 at UTC+1
START_S = NEW_YEAR_S + 100 * 86_400 + 7 * 3600
START_US = START_S * SECOND_US

within_days = st.integers(-HOUR_US, 6 * DAY_US)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_year_has_plausible_figures(seed):
    house = House(seed, NEW_YEAR_S)
    load_kwh = solar_kwh = water_m3 = gas_m3 = 0.0
    for day in range(365):
        profile = house.profile(NEW_YEAR_S * SECOND_US + day * DAY_US)
        load_kwh += sum(profile.load_w) / 60_000
        solar_kwh += sum(profile.solar_w) / 60_000
        water_m3 += (
            sum((f.end_us - f.start_us) * f.per_hour for f in profile.water) / HOUR_US / 1e3
        )
        gas_m3 += sum((f.end_us - f.start_us) * f.per_hour for f in profile.gas) / HOUR_US / 1e3
    assert 3000 < load_kwh < 5000
    assert 3000 < solar_kwh < 5000
    assert 100 < water_m3 < 150
    assert 800 < gas_m3 < 1500


def monthly(house: House, month: int) -> dict[str, int]:
    """Sums over 28 days in the middle of a season."""
    from_s = NEW_YEAR_S + month * 30 * 86_400
    hours = range(from_s, from_s + 28 * 86_400, 3600)
    channels = (*ELECTRICITY, *PULSE_WEIGHT)
    return {channel: sum(house.hourly(channel, hour) for hour in hours) for channel in channels}


def test_seasons_change_what_they_should_and_flip_in_the_south():
    for latitude_deg, cold, warm in ((45.0, 0, 6), (-40.0, 6, 0)):
        house = House(5, NEW_YEAR_S, latitude_deg)
        winter, summer = monthly(house, cold), monthly(house, warm)
        assert winter["gas"] > 5 * summer["gas"] > 0
        assert summer["electricity_received"] > 2 * winter["electricity_received"] > 0
        assert winter["electricity_delivered"] > summer["electricity_delivered"]
        assert summer["water"] > winter["water"]  # the garden


def test_people_sleep_at_night_and_get_up_later_at_weekends():
    house = House(3, NEW_YEAR_S)
    litres_at = [0] * 24
    early = {False: 0, True: 0}
    for day in range(140):
        weekend = (day % 7) in (5, 6)  # 1 January 2024 was a Monday
        for hour in range(24):
            litres = house.hourly("water", NEW_YEAR_S + day * 86_400 + hour * 3600)
            litres_at[hour] += litres
            early[weekend] += litres if hour < 8 else 0
    assert sum(litres_at[1:5]) < 0.03 * sum(litres_at)
    assert early[False] / 100 > 2 * early[True] / 40


@given(st.lists(within_days, min_size=2, max_size=20), st.sampled_from(ELECTRICITY))
@settings(max_examples=30, deadline=None)
def test_registers_never_fall_and_do_not_depend_on_the_order_of_questions(asked_us, channel):
    house = House(11, START_S)
    answers = {at_us: house.energy_wh(channel, START_US + at_us) for at_us in asked_us}
    in_order = House(11, START_S)
    totals = [in_order.energy_wh(channel, START_US + at_us) for at_us in sorted(asked_us)]
    assert totals == [answers[at_us] for at_us in sorted(asked_us)]
    assert totals == sorted(totals)
    assert house.energy_wh(channel, START_US) == 0


@given(st.lists(within_days, min_size=2, max_size=12), st.sampled_from(sorted(PULSE_WEIGHT)))
@settings(max_examples=50, deadline=None)
def test_pulses_add_up_over_any_split(cuts_us, channel):
    house = House(11, START_S)
    cuts = sorted(START_US + cut_us for cut_us in cuts_us)
    parts = [house.pulses(channel, a, b) for a, b in pairwise(cuts)]
    whole = house.pulses(channel, cuts[0], cuts[-1])
    assert [at_us for part in parts for at_us in part] == whole
    assert whole == sorted(set(whole))
    assert all(max(START_US, cuts[0]) < at_us <= cuts[-1] for at_us in whole)


def test_pulses_asked_for_second_by_second_are_those_of_the_day():
    # The shortcut for quiet times must not swallow a pulse.
    house, other = House(11, START_S), House(11, START_S)
    for channel in PULSE_WEIGHT:
        seconds = range(START_US, START_US + DAY_US, SECOND_US)
        found = [
            at for from_us in seconds for at in house.pulses(channel, from_us, from_us + SECOND_US)
        ]
        assert found == other.pulses(channel, START_US, START_US + DAY_US)
        assert len(found) > 50
        assert house.pulses(channel, START_US, START_US + HOUR_US) == [
            at_us for at_us in found if at_us <= START_US + HOUR_US
        ]


def test_energy_is_the_sum_of_power_rounded_down_and_flows_one_way_at_a_time():
    house = House(2, START_S)
    watt_minutes = {"electricity_delivered": 0, "electricity_received": 0}
    both = 0
    for minute in range(3 * 1440):
        t_us = START_US + minute * MINUTE_US
        watts = house.power_w(t_us)
        used = [
            house.energy_wh(channel, t_us) != house.energy_wh(channel, t_us + MINUTE_US)
            for channel in ELECTRICITY
        ]
        both += all(used)
        watt_minutes["electricity_delivered"] += max(watts, 0)
        watt_minutes["electricity_received"] += max(-watts, 0)
        for channel, total in watt_minutes.items():
            assert house.energy_wh(channel, t_us + MINUTE_US) == total // 60
    assert both == 0
    assert all(total > 60_000 for total in watt_minutes.values())


def test_energy_within_a_minute_grows_evenly():
    house = House(2, START_S)
    night_us = START_US + 19 * HOUR_US
    minutes_w = [house.power_w(t_us) for t_us in range(START_US, night_us, MINUTE_US)]
    before = sum(max(watts, 0) for watts in minutes_w) * MINUTE_US
    watts = house.power_w(night_us)
    assert watts > 0
    for inside_us in (0, 1, 30 * SECOND_US, MINUTE_US - 1):
        used_wh = house.energy_wh("electricity_delivered", night_us + inside_us)
        assert used_wh == (before + watts * inside_us) // HOUR_US


def test_hours_add_up_to_the_registers():
    house = House(9, START_S)
    hours = range(START_S, START_S + 5 * 86_400, 3600)
    end_us = START_US + 5 * DAY_US
    for channel in ELECTRICITY:
        assert sum(house.hourly(channel, h) for h in hours) == house.energy_wh(channel, end_us)
    for channel, weight in PULSE_WEIGHT.items():
        pulses = len(house.pulses(channel, START_US, end_us))
        assert sum(house.hourly(channel, h) for h in hours) == pulses * weight


def test_no_drop_is_lost_at_midnight():
    # A litre that begins to flow today and is full tomorrow is a pulse of tomorrow.
    house = House(9, NEW_YEAR_S)
    begin_us = NEW_YEAR_S * SECOND_US
    days = [house.profile(begin_us + day * DAY_US) for day in range(30)]
    for channel, flows in (
        ("water", [flow for day in days for flow in day.water]),
        ("gas", [flow for day in days for flow in day.gas]),
    ):
        flowed = sum((flow.end_us - flow.start_us) * flow.per_hour for flow in flows) // HOUR_US
        pulses = len(house.pulses(channel, begin_us, begin_us + 30 * DAY_US))
        assert pulses == flowed // PULSE_WEIGHT[channel]


def test_the_sun_keeps_its_calendar():
    for latitude_deg, longest in ((45.0, 172), (-45.0, 355)):  # 21 June, 21 December
        roof = SolarRoof(Climate(1, latitude_deg), 3500)
        first_day = NEW_YEAR_S // 86_400 + 1
        lengths = [
            set_ - rise for rise, set_ in map(roof.daylight, range(first_day, first_day + 365))
        ]
        assert abs(lengths.index(max(lengths)) - longest) <= 8
        assert max(lengths) == pytest.approx(15.4 * 60, abs=20)
        assert min(lengths) == pytest.approx(8.6 * 60, abs=20)


def test_a_seed_is_a_life_and_another_start_is_the_same_life_seen_from_later():
    early, late = House(6, START_S), House(6, START_S + 86_400)
    hours = range(START_S + 86_400, START_S + 3 * 86_400, 3600)
    moments = [hour * SECOND_US for hour in hours]
    assert [early.power_w(t_us) for t_us in moments] == [late.power_w(t_us) for t_us in moments]
    other = House(7, START_S)
    assert [early.power_w(t_us) for t_us in moments] != [other.power_w(t_us) for t_us in moments]


def test_nothing_happens_before_the_start():
    house = House(6, START_S)
    assert house.power_w(START_US - 1) == 0
    assert house.energy_wh("electricity_delivered", START_US - DAY_US) == 0
    assert house.pulses("water", START_US - DAY_US, START_US) == []
    with pytest.raises(ValueError, match="on the hour"):
        House(6, START_S + 1)


def test_a_day_seconds_by_seconds_costs_next_to_nothing():
    # Years are simulated in seconds; generous for a slow machine: it takes about 50 ms here.
    house = House(8, START_S)
    began_s = time.process_time()
    for t_us in range(START_US, START_US + DAY_US, SECOND_US):
        house.pulses("water", t_us, t_us + SECOND_US)
    for t_us in range(START_US, START_US + DAY_US, 15 * SECOND_US):
        for channel in ELECTRICITY:
            house.energy_wh(channel, t_us)
    assert time.process_time() - began_s < 0.5


def test_a_leak_runs_beside_what_is_used_to_the_litre():
    # Over two midnights, thirty litres an hour: no hour and no tap makes any difference to it.
    from_us, to_us = START_US + 30 * HOUR_US, START_US + 78 * HOUR_US
    leaking = House(4, START_S, leaks=(Flow(from_us, to_us, 30),))
    tight = House(4, START_S)
    end_us = START_US + 5 * 24 * HOUR_US
    more = len(leaking.pulses("water", START_US, end_us))
    more -= len(tight.pulses("water", START_US, end_us))
    assert more == 48 * 30
    assert leaking.pulses("gas", START_US, end_us) == tight.pulses("gas", START_US, end_us)
