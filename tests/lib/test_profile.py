"""Meter profiles: the built-in ones compile to few reads, every mistake gets one clear line."""

import json

from lib.profile import ProfileError
from lib.profile_text import load

# The tests run with tests/lib as their folder, on two Pythons.
SDM630 = __file__.rsplit("/", 3)[0] + "/firmware/profiles/sdm630.json"

QUANTITIES = (
    ("energy", 3, 100, "int64", [1, 1], "Wh"),
    ("power_w", 3, 110, "float32", [1000, 1], "W"),
    ("voltage_dv", 4, 0, "uint16", [1, 1], "dV"),
    ("current_ma", 4, 1, "uint32", [1, 1], "mA"),
)


def example():
    """A small profile as a dict, to be spoilt."""
    keys = ("name", "function", "register", "type", "scale", "unit")
    return {
        "model": "Example",
        "sources": ["manual 1.0"],
        "serial": {"baud_bps": 9600, "parity": "even", "stop_bits": 1, "address": 7},
        "block_words": 40,
        "gap_words": 8,
        "word_order": "low first",
        "quantities": [dict(zip(keys, row)) for row in QUANTITIES],
    }


def loaded(data):
    return load(json.dumps(data))


def refusal(call, argument):
    """The text of the ProfileError that `call` must raise."""
    try:
        call(argument)
    except ProfileError as error:
        return str(error)
    raise AssertionError("not refused: %s" % argument)


def complaint(data):
    return refusal(loaded, data)


def test_sdm630_is_two_reads():
    with open(SDM630) as file:
        profile = load(file.read())
    assert profile.blocks == [(4, 0, 18), (4, 52, 24)]
    assert profile.names[:2] == ("electricity_delivered", "electricity_received")
    assert profile.units[:2] == ("Wh", "Wh")
    assert (profile.baud_bps, profile.parity, profile.stop_bits) == (9600, "none", 1)
    values = [None] * len(profile.names)
    payload = bytearray(48)
    payload[0:4] = bytes.fromhex("c5034000")  # -2100 W: the house exports
    payload[36:40] = bytes.fromhex("42480000")
    payload[40:44] = bytes.fromhex("464d8a1b")
    payload[44:48] = bytes.fromhex("7fc00000")
    profile.values(1, payload, values)
    assert values[profile.index("electricity_delivered")] == 13154526  # 13154.526...
    assert values[profile.index("electricity_received")] is None
    assert values[profile.index("power_w")] == -2100
    assert values[profile.index("frequency_chz")] == 5000
    assert values[profile.index("voltage_l1_dv")] is None  # of the other block: untouched


def test_compiled_fields():
    profile = loaded(example())
    assert profile.model == "Example"
    assert profile.address == 7
    assert profile.blocks == [(3, 100, 12), (4, 0, 3)]
    assert profile.block_of == [0, 0, 1, 1]
    values = [None] * 4
    payload = bytearray(24)
    payload[0:8] = bytes.fromhex("0005000000000000")
    payload[20:24] = bytes.fromhex("00003fc0")  # 1.5, low word first
    profile.values(0, payload, values)
    profile.values(1, bytes.fromhex("08fc006c0000"), values)
    assert values == [5, 1500, 2300, 108]


def test_gap_and_limit_divide_blocks():
    data = example()
    data["gap_words"] = 5
    assert loaded(data).blocks == [(3, 100, 4), (3, 110, 2), (4, 0, 3)]
    data["gap_words"] = 6
    assert loaded(data).blocks == [(3, 100, 12), (4, 0, 3)]
    data["block_words"] = 11
    assert loaded(data).blocks == [(3, 100, 4), (3, 110, 2), (4, 0, 3)]


def test_overlapping_registers_share_a_block():
    data = example()
    data["quantities"][1].update({"register": 101, "type": "uint16"})
    assert loaded(data).blocks[0] == (3, 100, 4)


def test_patterns_without_a_value():
    data = example()
    data["quantities"][2]["no_value"] = [0xFFFF, 0x8000]
    profile = loaded(data)
    for text in ("ffff006c0000", "8000006c0000"):
        values = [1] * 4
        profile.values(1, bytes.fromhex(text), values)
        assert values == [1, 1, None, 108]


def test_own_word_order_of_a_quantity():
    data = example()
    data["quantities"][3]["word_order"] = "high first"
    values = [None] * 4
    loaded(data).values(1, bytes.fromhex("00000000006c"), values)
    assert values[3] == 108


def test_unknown_quantity():
    assert refusal(loaded(example()).index, "water") == "Example has no quantity 'water'"


def test_mistakes_in_a_quantity():
    types = "float32, float64, int16, int32, int64, uint16, uint32, uint64"
    for key, value, expected in (
        ("type", "flaot32", "unknown type 'flaot32'; use " + types),
        ("function", 6, "'function' must be an integer 3 to 4"),
        ("register", 65535, "'register' must be an integer 0 to 65534"),
        ("register", "72", "'register' must be an integer 0 to 65534"),
        ("register", True, "'register' must be an integer 0 to 65534"),
        ("scale", [1, 0], "'scale' must be two integers [num, den], den > 0"),
        ("scale", [0, 1], "'scale' must be two integers [num, den], den > 0"),
        ("scale", [1], "'scale' must be a list of 2 to 64 items"),
        ("scale", [1, 2, 3], "'scale' must be two integers [num, den], den > 0"),
        ("scale", [0.1, 1], "'scale' must be two integers [num, den], den > 0"),
        ("unit", "", "'unit' must be a text of 1 to 40 characters"),
        ("no_value", 65535, "'no_value' must be a list of 0 to 64 items"),
        ("no_value", ["ff"], "'no_value' must be a list of raw integers"),
        ("word_order", "ABCD", "unknown word_order 'ABCD'; use high first, low first"),
    ):
        data = example()
        data["quantities"][1][key] = value
        assert complaint(data) == "quantity 2 (power_w): " + expected


def test_mistakes_in_the_frame():
    for key, value, expected in (
        ("model", 5, "profile: 'model' must be a text of 1 to 40 characters"),
        ("sources", [], "profile: 'sources' must be a list of 1 to 64 items"),
        ("block_words", 126, "profile: 'block_words' must be an integer 1 to 125"),
        ("quantities", [], "profile: 'quantities' must be a list of 1 to 64 items"),
        ("word_order", 1, "profile: unknown word_order '1'; use high first, low first"),
    ):
        data = example()
        data[key] = value
        assert complaint(data) == expected
    data = example()
    data["serial"]["parity"] = "odd "
    assert complaint(data) == "serial: unknown parity 'odd '; use none, even, odd"


def test_unknown_and_double_names():
    data = example()
    data["registers"] = []
    assert complaint(data).startswith("profile: unknown key 'registers'; use model, ")
    data = example()
    data["quantities"][0]["adress"] = 1
    assert complaint(data).startswith("quantity 1: unknown key 'adress'; use name, ")
    data = example()
    data["quantities"][1]["name"] = "energy"
    assert complaint(data) == "quantity 2: name 'energy' is there twice"


def test_value_wider_than_a_block():
    data = example()
    data["block_words"] = 3
    assert complaint(data) == "quantity 1 (energy): 4 words do not fit 'block_words'"


def test_no_json():
    for text in ("", "{", "[1, 2", '"profile"', "[]", "null", json.dumps(example())[:-1]):
        assert refusal(load, text) == "profile is not a JSON object; is it truncated?"
