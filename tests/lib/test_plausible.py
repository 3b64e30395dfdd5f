"""What a meter cannot show: another model's registers read as this one's."""

from lib import plausible

NAMES = ("electricity_delivered", "power_w", "voltage_l1_dv", "voltage_l2_dv", "frequency_chz")


def problem(*values):
    return plausible.problem(NAMES, list(values), 10000)


def test_what_can_be():
    assert problem(12, -400, 2301, 2299, 5001) is None
    assert problem(0, 0, 1201, None, 6000) is None
    assert problem(None, None, 2301, 0, None) is None  # one phase is wired
    assert plausible.problem(("electricity_delivered",), [5], 1) is None


def test_what_cannot_be():
    assert problem(-1, 0, 2301, 2299, 5001) == "electricity_delivered -1"
    assert problem(1, 12501, 2301, 2299, 5001) == "power_w 12501, rated for 10000"
    assert problem(1, 12500, 2301, 2299, 5001) is None
    assert problem(1, 0, 230, 2299, 5001) == "voltage_l1_dv 230"
    assert problem(1, 0, 2301, 4001, 5001) == "voltage_l2_dv 4001"
    assert problem(1, 0, 2301, 2299, 50) == "frequency_chz 50"
    assert problem(1, 0, 0, 0, 5000) == "no voltage"
    assert problem(1, 0, None, None, 5000) == "no voltage"
