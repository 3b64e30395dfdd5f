"""Currents of a supervised wire, by the figures of IEC 60947-5-6 amplifiers."""

from lib import loop


def test_a_sensor_is_good_in_both_states_and_a_broken_wire_in_none():
    for current_ua, fault in (
        (0, loop.OPEN),
        (399, loop.OPEN),
        (400, loop.GOOD),  # a sensor that does not conduct
        (1000, loop.GOOD),
        (2200, loop.GOOD),  # one that conducts
        (5850, loop.GOOD),
        (5851, loop.SHORT),
        (17400, loop.SHORT),  # 8.2 V over 470 ohm
    ):
        assert loop.fault(current_ua) == fault, current_ua
