"""Contacts of pulse meters: what happened is never lost or invented by how it is asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_sim.models.flow import Flow, flow_pulses
from host_sim.models.home import HOUR_US, SECOND_US
from host_sim.models.pulses import MAX_FILTER_NS, PulseInput, spread
from host_sim.models.taps import START_US, Taps

moments = st.lists(st.integers(1, 3 * HOUR_US), max_size=60)
minute_of_moments = st.lists(st.integers(1, 60 * SECOND_US), max_size=100)


def held(changes: list[tuple[int, int]], end_us: int) -> list[tuple[int, int]]:
    """How long each level lasts: (level, us)."""
    following = [*changes[1:], (end_us, 0)]
    return [
        (level, to_us - at_us)
        for (at_us, level), (to_us, _) in zip(changes, following, strict=False)
    ]


@given(moments, st.integers(0, 1000))
@settings(deadline=None)
def test_a_filter_longer_than_the_bounce_counts_every_pulse_once(times_us, seed):
    home = Taps(times_us)
    contact = PulseInput(home, "water", seed)
    for edge, factor in (("rising", 1), ("falling", 1), ("both", 2)):
        assert contact.count(START_US, MAX_FILTER_NS, edge) == 0
        for hour in range(3):
            end_us = START_US + (hour + 1) * HOUR_US
            expected = len(home.pulses("water", START_US, end_us))
            assert contact.count(end_us, MAX_FILTER_NS, edge) == expected * factor


@given(moments, st.lists(st.integers(0, 4 * HOUR_US), min_size=1, max_size=30))
@settings(deadline=None)
def test_a_count_does_not_depend_on_what_was_asked_before(times_us, asked_us):
    home = Taps(times_us)
    used = PulseInput(home, "water", 1, bounce_us=4000)
    for after_us in asked_us:
        fresh = PulseInput(home, "water", 1, bounce_us=4000)
        now_us = START_US + after_us
        assert used.count(now_us, MAX_FILTER_NS) == fresh.count(now_us, MAX_FILTER_NS)


@given(
    moments,
    st.integers(0, 100),
    st.sampled_from((8, 5000)),
    st.sampled_from((1000, 3000, MAX_FILTER_NS, 1_000_000)),
)
@settings(deadline=None)
def test_bounces_that_outlast_the_filter_are_counted_too(times_us, seed, bounce_us, filter_ns):
    # A reed contact bounces for milliseconds; the chip's filter ends at 12.8 us whatever is asked.
    contact = PulseInput(Taps(times_us), "water", seed, bounce_us=bounce_us)
    end_us = START_US + 4 * HOUR_US
    changes = contact.edges(START_US, end_us)
    level, expected = 0, 0
    for new, lasts_us in held(changes, end_us):
        if new != level and lasts_us * 1000 >= min(filter_ns, MAX_FILTER_NS):
            level = new
            expected += new
    assert contact.count(end_us, filter_ns) == expected
    # Without any filter each rising edge counts.
    assert contact.count(end_us, 0) == [level for _, level in changes].count(1)


def test_a_count_asked_late_in_one_hour_does_not_outlive_it():
    contact = PulseInput(Taps([SECOND_US, HOUR_US + 5 * SECOND_US]), "water", 1)
    assert contact.count(START_US + HOUR_US // 2, MAX_FILTER_NS) == 1
    assert contact.count(START_US + HOUR_US + 9 * SECOND_US, MAX_FILTER_NS) == 2


def test_some_bounces_do_get_through():
    contact = PulseInput(Taps([nth * SECOND_US for nth in range(1, 1001)]), "water", 5, 100, 5000)
    assert contact.count(START_US + HOUR_US, MAX_FILTER_NS) > 1500


def test_no_bounce_of_the_default_contact_passes_the_filter_but_it_does_bounce():
    contact = PulseInput(Taps([nth * SECOND_US for nth in range(1, 1001)]), "water", 5)
    assert contact.count(START_US + HOUR_US, MAX_FILTER_NS) == 1000
    assert contact.count(START_US + HOUR_US, 0) > 1500


@given(moments, st.lists(st.integers(0, 4 * HOUR_US), max_size=8))
@settings(deadline=None)
def test_edges_add_up_over_any_split_and_agree_with_the_level(times_us, cuts_us):
    contact = PulseInput(Taps(times_us), "gas", 2, bounce_us=3000)
    cuts = [START_US, *sorted(START_US + cut_us for cut_us in cuts_us), START_US + 4 * HOUR_US]
    whole = contact.edges(cuts[0], cuts[-1])
    parts = [contact.edges(a, b) for a, b in zip(cuts, cuts[1:], strict=False)]
    assert [change for part in parts for change in part] == whole
    assert contact.level(START_US) == 0
    for at_us, level in whole:
        assert contact.level(at_us) == level
        assert contact.level(at_us - 1) == 1 - level
        assert contact.next_edge_us(at_us - 1, at_us + SECOND_US) == at_us


def test_no_next_edge_in_sight():
    contact = PulseInput(Taps([90 * 60 * SECOND_US]), "gas", 2)
    first_us = contact.edges(START_US, START_US + 2 * HOUR_US)[0][0]
    assert contact.next_edge_us(START_US, first_us) == first_us
    assert contact.next_edge_us(START_US, first_us - 1) is None
    assert contact.next_edge_us(first_us + SECOND_US, START_US + 20 * HOUR_US) is None


@given(minute_of_moments, st.integers(0, 59))
@settings(deadline=None)
def test_crowded_pulses_are_moved_apart_but_never_into_another_hour(times_us, minute):
    # Two pulses at one moment are two pulses; the contact must open between them.
    home = Taps([minute * 60 * SECOND_US + at_us for at_us in times_us])
    contact = PulseInput(home, "water", 3, bounce_us=0)
    changes = contact.edges(START_US, START_US + HOUR_US)
    assert [level for _, level in changes] == [1, 0] * len(times_us)
    closed_us = {lasts_us for level, lasts_us in held(changes, START_US + HOUR_US) if level}
    assert closed_us <= {100_000}
    opened_us = [lasts_us for level, lasts_us in held(changes, START_US + HOUR_US) if not level]
    assert all(lasts_us >= 100_000 for lasts_us in opened_us)


def test_pulses_on_either_side_of_the_hour_do_not_touch():
    contact = PulseInput(Taps([HOUR_US, HOUR_US, HOUR_US + 1]), "water", 3, bounce_us=8)
    assert contact.count(START_US + HOUR_US, MAX_FILTER_NS) == 2
    assert contact.count(START_US + 2 * HOUR_US, MAX_FILTER_NS) == 3
    assert contact.level(START_US + HOUR_US) == 0


def test_pulses_with_room_stay_where_they_are():
    times_us = [5 * SECOND_US, 90 * SECOND_US]
    contact = PulseInput(Taps(times_us), "water", 3, bounce_us=0)
    rising = [
        at_us - START_US for at_us, level in contact.edges(START_US, START_US + HOUR_US) if level
    ]
    assert rising == times_us


def test_an_hour_that_can_not_hold_its_pulses_is_refused():
    contact = PulseInput(Taps([SECOND_US] * 20_000), "water", 3)
    with pytest.raises(ValueError, match="20000 pulses do not fit"):
        contact.count(START_US + SECOND_US, MAX_FILTER_NS)
    with pytest.raises(ValueError, match="is no contact"):
        PulseInput(Taps([]), "water", 3, width_ms=10, bounce_us=5000)


def test_a_contact_to_ground_is_high_while_open():
    contact = PulseInput(Taps([SECOND_US]), "gas", 3, bounce_us=0, closed_level=0)
    assert contact.level(START_US) == 1
    assert contact.edges(START_US, START_US + HOUR_US) == [
        (START_US + SECOND_US, 0),
        (START_US + SECOND_US + 100_000, 1),
    ]
    assert contact.count(START_US + SECOND_US + 50_000, MAX_FILTER_NS, "falling") == 1
    assert contact.count(START_US + SECOND_US + 50_000, MAX_FILTER_NS, "rising") == 0
    assert contact.count(START_US + HOUR_US, MAX_FILTER_NS, "rising") == 1


def test_a_counter_counts_once_the_filter_time_is_over():
    contact = PulseInput(Taps([SECOND_US]), "gas", 3, bounce_us=0)
    at_us = START_US + SECOND_US
    assert [contact.count(at_us + after_us, 12_787) for after_us in (0, 12, 13)] == [0, 0, 1]
    assert contact.count(at_us, 0) == 1


@given(st.lists(st.integers(-50, 1050), max_size=20))
@settings(deadline=None)
def test_spread_keeps_number_order_and_bounds(times):
    moved = spread(sorted(times), 50, 0, 1000)
    assert len(moved) == len(times)
    assert all(later - earlier >= 50 for earlier, later in zip(moved, moved[1:], strict=False))
    assert all(0 <= at <= 1000 for at in moved)


flows = st.lists(
    st.builds(
        lambda start_s, lasts_s, per_hour: Flow(
            start_s * SECOND_US, (start_s + lasts_s) * SECOND_US, per_hour
        ),
        st.integers(0, 5000),
        st.integers(0, 900),
        st.integers(0, 2000),
    ),
    max_size=12,
)


@given(flows, st.integers(0, HOUR_US - 1), st.sampled_from((1, 10)))
@settings(deadline=None)
def test_a_meter_pulses_once_per_unit_that_has_flowed(given_flows, carry, weight):
    times, left = flow_pulses(given_flows, carry, weight)
    amount = carry + sum((end - start) * per_hour for start, end, per_hour in given_flows)
    assert (len(times), left) == divmod(amount, weight * HOUR_US)
    assert times == sorted(times)
    for nth, at_us in enumerate(times, 1):
        flowed = carry + sum(
            (min(end, at_us) - start) * per_hour
            for start, end, per_hour in given_flows
            if start < at_us
        )
        assert flowed >= nth * weight * HOUR_US
