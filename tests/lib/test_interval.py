"""Intervals of one channel over a day with everything that goes wrong: the sums always agree."""

from lib import quality
from lib.interval import Accumulator, PulseRegister

HOUR = 3600
T0 = 1772323200  # an aligned hour: 2026-03-01 00:00 UTC


def running(register=1000):
    """A channel whose interval opened exactly at T0."""
    channel = Accumulator(HOUR)
    channel.reading(register, T0)
    close(channel, T0)
    return channel


def close(channel, boundary_s):
    """Close the interval that ends there, as the books do."""
    channel.aim(boundary_s)
    closed = channel.close()
    channel.aim(boundary_s + HOUR)
    return closed


def test_whole_intervals():
    channel = running()
    channel.reading(1500, T0 + 1800)
    channel.reading(1700, T0 + HOUR)
    assert close(channel, T0 + HOUR) == (700, 0)
    channel.reading(1700, T0 + 2 * HOUR)
    assert close(channel, T0 + 2 * HOUR) == (0, 0)
    assert channel.boundary_register == 1700
    assert channel.boundary_s == T0 + 2 * HOUR


def test_first_interval_is_short_hence_partial():
    channel = Accumulator(HOUR)
    assert close(channel, T0) == (None, quality.MISSING)
    channel.reading(5000, T0 + 1200)
    channel.reading(5100, T0 + HOUR + 5)
    assert close(channel, T0 + HOUR) == (100, quality.PARTIAL)
    channel.reading(5300, T0 + 2 * HOUR)
    assert close(channel, T0 + 2 * HOUR) == (200, 0)


def test_a_reading_counts_near_the_boundary_only():
    for late_s, good in ((-31, False), (-30, True), (0, True), (30, True), (31, False)):
        channel = running()
        channel.reading(1200, T0 + HOUR + late_s)
        expected = (200, 0) if good else (None, quality.MISSING)
        assert close(channel, T0 + HOUR) == expected, late_s


def test_missed_boundary_is_never_invented():
    # The meter is silent at 01:00 and 02:00; at 03:00 one value spans three hours and says so.
    channel = running()
    channel.reading(1100, T0 + 600)
    assert close(channel, T0 + HOUR) == (None, quality.MISSING)
    assert close(channel, T0 + 2 * HOUR) == (None, quality.MISSING)
    channel.reading(1900, T0 + 3 * HOUR)
    assert close(channel, T0 + 3 * HOUR) == (900, quality.ESTIMATED)
    channel.reading(2000, T0 + 4 * HOUR)
    assert close(channel, T0 + 4 * HOUR) == (100, 0)


def test_a_reading_on_either_side_is_shared_out_by_time():
    # The meter answers ten minutes before the hour and twenty after it, not between: a third of
    # what it counted is before the hour, to the unit, and both hours say that it was shared out.
    channel = running()
    channel.reading(1500, T0 + HOUR - 600)
    channel.reading(1601, T0 + HOUR + 1200)
    assert close(channel, T0 + HOUR) == (533, quality.ESTIMATED)
    channel.reading(1700, T0 + 2 * HOUR)
    assert close(channel, T0 + 2 * HOUR) == (167, quality.ESTIMATED)
    channel.reading(1800, T0 + 3 * HOUR)
    assert close(channel, T0 + 3 * HOUR) == (100, 0)


def test_readings_further_apart_share_out_nothing():
    # Half a period is the limit: 1800 s around the hour.
    for early_s, late_s, shared in ((900, 900, True), (901, 900, False), (40, 1761, False)):
        channel = running()
        channel.reading(1500, T0 + HOUR - early_s)
        channel.reading(1700, T0 + HOUR + late_s)
        delta, flags = close(channel, T0 + HOUR)
        assert (delta is not None) == shared
        assert flags == (quality.ESTIMATED if shared else quality.MISSING)
        channel.reading(2000, T0 + 2 * HOUR)
        delta_after, flags = close(channel, T0 + 2 * HOUR)
        assert (delta or 0) + delta_after == 1000
        assert flags == quality.ESTIMATED


def test_the_nearer_of_two_readings_is_the_boundarys():
    channel = running()
    channel.reading(1500, T0 + HOUR - 5)
    channel.reading(1509, T0 + HOUR + 20)
    assert close(channel, T0 + HOUR) == (500, 0)
    channel.reading(1700, T0 + 2 * HOUR - 25)
    channel.reading(1720, T0 + 2 * HOUR + 10)
    assert close(channel, T0 + 2 * HOUR) == (220, 0)


def test_a_boundary_waits_for_the_reading_that_may_tell_it():
    channel = running()
    channel.reading(1500, T0 + HOUR - 600)
    assert not channel.is_settled(T0 + HOUR)
    assert not channel.is_settled(T0 + HOUR + 1200)
    assert channel.is_settled(T0 + HOUR + 1201)  # whatever comes now is too far from the last one
    channel.reading(1600, T0 + HOUR + 60)
    assert channel.is_settled(T0 + HOUR + 60)
    # what comes later does not change what the boundary showed
    channel.reading(1900, T0 + HOUR + 1100)
    assert close(channel, T0 + HOUR) == (590, quality.ESTIMATED)
    assert Accumulator(HOUR).is_settled(T0)  # a channel that was never read waits for nothing


def test_the_time_becomes_known_inside_an_interval():
    # The first hour ends an hour after the boot, at 00:20 as is known later; the next one is then
    # forty minutes long, and says that it is not the whole hour.
    channel = Accumulator(HOUR)
    channel.reading(100, 10)
    channel.reading(130, HOUR)
    assert close(channel, HOUR) == (30, quality.PARTIAL)
    channel.reading(140, HOUR + 300)
    channel.shift(T0 + 1200 - HOUR, HOUR + 300)
    channel.reading(170, T0 + HOUR)
    assert close(channel, T0 + HOUR) == (40, quality.PARTIAL)
    channel.reading(180, T0 + 2 * HOUR)
    assert close(channel, T0 + 2 * HOUR) == (10, 0)


def test_what_was_told_before_the_boot_keeps_its_time():
    # The journal tells 00:00; the boot, and its hours since then, come after.
    channel = Accumulator(HOUR)
    channel.restore(1450, 1000, T0)
    channel.reading(1500, 20)
    channel.shift(T0 + 1800 - 30, 30)
    channel.reading(1600, T0 + HOUR)
    assert close(channel, T0 + HOUR) == (600, quality.PARTIAL)
    channel.restore(1600, 1600, T0 + HOUR)
    channel.reading(1650, HOUR)
    assert close(channel, HOUR) == (50, quality.PARTIAL | quality.ESTIMATED)


def test_an_interval_that_could_not_be_stored_goes_on():
    channel = running()
    channel.reading(1100, T0 + HOUR)
    assert close(channel, T0 + HOUR) == (100, 0)
    channel.reopen()
    channel.reading(1150, T0 + 2 * HOUR)
    assert close(channel, T0 + 2 * HOUR) == (150, quality.ESTIMATED)


def test_power_cut_inside_the_interval():
    channel = Accumulator(HOUR)
    channel.restore(1450, 1000, T0)
    channel.reading(1600, T0 + HOUR)
    assert close(channel, T0 + HOUR) == (600, quality.PARTIAL)


def test_power_cut_over_boundaries():
    channel = Accumulator(HOUR)
    channel.restore(1450, 1000, T0)
    channel.reading(3000, T0 + 5 * HOUR)
    assert close(channel, T0 + 5 * HOUR) == (2000, quality.PARTIAL | quality.ESTIMATED)
    channel.restore(3000, 3000, None)  # the clock was lost with the power
    channel.reading(3050, T0 + 6 * HOUR)
    assert close(channel, T0 + 6 * HOUR) == (50, quality.PARTIAL)


def test_flags_wait_for_a_value():
    channel = running()
    channel.mark(quality.CLOCK_MOVED)
    missing = quality.MISSING | quality.CLOCK_MOVED
    assert close(channel, T0 + HOUR) == (None, missing)
    channel.reading(1010, T0 + 2 * HOUR)
    assert close(channel, T0 + 2 * HOUR) == (10, quality.CLOCK_MOVED | quality.ESTIMATED)
    channel.reading(1010, T0 + 3 * HOUR)
    assert close(channel, T0 + 3 * HOUR) == (0, 0)


def test_stepped_clock_moves_with_its_memory():
    channel = Accumulator(HOUR)
    channel.reading(10, 7200)  # seconds since boot: the time is not known yet
    close(channel, 7200)
    channel.shift(T0 - 7200, 7200)
    channel.reading(60, T0 + HOUR)
    assert close(channel, T0 + HOUR) == (50, 0)


def test_sum_of_intervals_is_the_change_of_the_register():
    # A day in which every third boundary has no reading and the power goes twice.
    channel = running(0)
    total = register = 0
    for hour in range(1, 25):
        register += 37 * hour
        if hour % 3:
            channel.reading(register, T0 + hour * HOUR)
        if hour in (7, 15):
            channel.restore(channel.register, channel.boundary_register, channel.boundary_s)
            channel.reading(register, T0 + hour * HOUR)
        delta, flags = close(channel, T0 + hour * HOUR)
        assert (delta is None) == bool(flags & quality.MISSING)
        total += delta or 0
        assert total == channel.boundary_register
    channel.reading(register, T0 + 25 * HOUR)
    delta, _ = close(channel, T0 + 25 * HOUR)
    assert total + delta == register


def test_pulses_of_ten_dm3():
    gas = PulseRegister(10, 1, 98760)
    assert gas.add(3) == 98790
    assert gas.add(0) == 98790


def test_no_fraction_of_a_pulse_is_lost():
    # 3 pulses are 1 unit: 0, 1 or 2 thirds are carried.
    register = PulseRegister(1, 3)
    assert [register.add(1) for _ in range(7)] == [0, 0, 1, 1, 1, 2, 2]
    assert register.carry == 1
    again = PulseRegister(1, 3, register.register)
    again.carry = register.carry
    assert again.add(2) == 3
    assert again.carry == 0


def test_what_runs_backward_must_come_again():
    # The dial turns back by 4 pulses and on by 6: the register waits, then rises by 2.
    register = PulseRegister(10, 1, 500)
    assert [register.add(step) for step in (1, -4, 3, 2, 1)] == [510, 510, 510, 520, 530]
    third = PulseRegister(1, 3, 7)
    assert [third.add(step) for step in (2, -4, 1, 4)] == [7, 7, 7, 8]
    assert third.carry == 0


def test_wrong_weights_are_refused():
    for num, den in ((0, 1), (1, 0), (-1, 1)):
        try:
            PulseRegister(num, den)
        except ValueError:
            continue
        raise AssertionError((num, den))
