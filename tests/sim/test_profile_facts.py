"""The built-in profiles say what the collected facts say: register, type, scale, word order and
serial settings.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lib import decode
from lib.profile import Profile
from lib.profile_text import load
from tests.sim.shared_data import SHARED_DATA, needs_shared_data
from tests.vm import FIRMWARE

FACTS = SHARED_DATA / "modbus" / "modbus_meters.json"
ID_OF = {"sdm72d_m_v2": "sdm72v2"}  # ours, and what the facts call it
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


def facts_of(name: str) -> dict[str, Any]:
    meters = json.loads(Path(FACTS).read_text())["meters"]
    return next(meter for meter in meters if meter["id"] == ID_OF.get(name, name))


@needs_shared_data
@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_agrees_with_the_facts(name: str) -> None:
    profile, facts = profile_of(name), facts_of(name)
    by_place = {(each["function_code"], each["address"]): each for each in facts["registers"]}
    for quantity, unit, field in zip(profile.names, profile.units, profile._fields, strict=True):
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
