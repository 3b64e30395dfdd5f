"""The built-in profiles say what the collected facts say: register, type, scale, word order and
serial settings.
"""

from fractions import Fraction

import pytest

from lib import decode
from lib.profile import Profile
from lib.profile_text import load
from tests.sim.meter_facts import facts_of
from tests.sim.shared_data import needs_shared_data
from tests.vm import FIRMWARE

UNITS = {
    "kWh": ("Wh", 1000),
    "V": ("dV", 10),
    "A": ("mA", 1000),
    "W": ("W", 1),
    "Hz": ("cHz", 100),
}
PROFILES = sorted(path.stem for path in FIRMWARE.glob("profiles/*.txt"))


def profile_of(name: str) -> Profile:
    path = FIRMWARE / "profiles" / f"{name}.txt"
    with path.open() as text:
        return load(text, path.name)


@needs_shared_data
@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_agrees_with_the_facts(name: str) -> None:
    profile, facts = profile_of(name), facts_of(name)
    by_place = {(each["function_code"], each["address"]): each for each in facts["registers"]}
    for quantity, unit, field in zip(profile.names, profile.units, profile.fields, strict=True):
        function, register, kind, low_first, num, den, _, _ = field
        fact = by_place[function, register]
        assert kind == decode.TYPES[fact["type"]], quantity
        our_unit, factor = UNITS[fact["unit"]]
        assert (unit, Fraction(num, den)) == (our_unit, Fraction(str(fact["scale"])) * factor)
        assert low_first == facts["word_order"].startswith("LOW")
        assert "DISAGREE" not in fact["agreement"] or quantity == "power_w"
    format_word = "8" + {None: "N", 0: "E", 1: "O"}[profile.parity] + str(profile.stop_bits)
    assert f"{profile.baud_bps} {format_word}" in facts["serial"]


@needs_shared_data
@pytest.mark.parametrize("name", PROFILES)
def test_both_directions_where_the_meter_has_them(name: str) -> None:
    profile = profile_of(name)
    quantities = {each["quantity"] for each in facts_of(name)["registers"]}
    assert profile.index("electricity_delivered") is not None
    assert (profile.index("electricity_received") is not None) == ("export_energy" in quantities)
