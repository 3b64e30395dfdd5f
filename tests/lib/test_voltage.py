"""Voltages of one phase of 230 V: when something is wrong, and when it is over."""

from lib.voltage import GOOD, LOST, SAG, SWELL, Phase


def kinds(*voltages_dv):
    """The kind after each reading, a minute apart."""
    phase = Phase(230)
    found = []
    for minute, voltage_dv in enumerate(voltages_dv):
        phase.take(voltage_dv, minute * 60)
        found.append(phase.kind)
    return found


def test_limits_are_those_of_the_standard():
    # 207.0 V are 90 %, 253.0 V are 110 %, 23.0 V are 10 %: each is still inside.
    assert kinds(2070) == [GOOD]
    assert kinds(2069) == [SAG]
    assert kinds(230) == [SAG]
    assert kinds(229) == [LOST]
    assert kinds(0) == [LOST]
    assert kinds(2530) == [GOOD]
    assert kinds(2531) == [SWELL]


def test_a_voltage_at_the_limit_is_not_told_again_and_again():
    assert kinds(2069, 2070, 2069, 2115, 2116, 2070) == [SAG, SAG, SAG, SAG, GOOD, GOOD]
    assert kinds(2531, 2530, 2485, 2484, 2530) == [SWELL, SWELL, SWELL, GOOD, GOOD]
    assert kinds(229, 230, 275, 276) == [LOST, LOST, LOST, SAG]


def test_what_is_over_tells_how_bad_it_was():
    phase = Phase(120)
    assert phase.take(1200, 0) is None
    assert phase.take(1000, 60) == (GOOD, 0, 0)
    assert phase.take(700, 120) is None
    assert phase.take(1050, 180) is None
    assert phase.take(0, 240) == (SAG, 60, 700)
    assert phase.take(1200, 300) == (LOST, 240, 0)
    assert phase.take(1205, 360) is None
