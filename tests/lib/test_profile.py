"""Meter profiles: the built-in ones compile to few reads, every mistake gets its line."""

import io

from lib.profile import ProfileError
from lib.profile_text import load

# The tests run with tests/lib as their folder, on two Pythons.
PROFILES = __file__.rsplit("/", 3)[0] + "/firmware/profiles/"
BLOCKS = {
    "sdm120": [(4, 0, 14), (4, 70, 6)],
    "sdm230": [(4, 0, 14), (4, 70, 6)],
    "sdm630": [(4, 0, 18), (4, 52, 24)],
    "sdm72d_m_v2": [(4, 0, 18), (4, 52, 24)],
    "iem3155": [(3, 2999, 6), (3, 3027, 6), (3, 3053, 8), (3, 3109, 2), (3, 3203, 8)],
    "pzem016": [(4, 0, 8)],
    "we514": [(3, 304, 2), (3, 313, 2), (3, 320, 2), (3, 40960, 2)],
}
EXAMPLE = """# an example
model   Example meter
source  manual 1.0, page 3
serial  9600 8E2 7
rating  23000
words   low first
block   40 8
read    energy      3  100   int64    1       Wh
read    power_w     3  0x6e  float32  1000    W   # hexadecimal
read    voltage_dv  4  0     uint16   1       dV  none=0xFFFF,0x8000
read    current_ma  4  1     uint32   1/10    mA  words=high
"""


def example(number=0, line="", text=EXAMPLE):
    """The example with its line `number` (from 1) replaced."""
    lines = text.split("\n")
    if number:
        lines[number - 1] = line
    return "\n".join(lines)


def loaded(text):
    return load(io.StringIO(text), "example.txt")


def complaint(text):
    try:
        loaded(text)
    except ProfileError as error:
        return str(error)
    raise AssertionError("not refused: %s" % text)


def test_built_in_profiles_are_few_reads():
    for name in BLOCKS:
        with open(PROFILES + name + ".txt") as text:
            profile = load(text, name)
        assert profile.blocks == BLOCKS[name], (name, profile.blocks)
        assert profile.names[0] == "electricity_delivered" and profile.units[0] == "Wh"


def test_a_floating_meter_gives_exact_integers():
    with open(PROFILES + "sdm630.txt") as text:
        profile = load(text, "sdm630")
    assert (profile.baud_bps, profile.parity, profile.stop_bits) == (9600, None, 1)
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
    profile = loaded(EXAMPLE)
    assert (profile.model, profile.address) == ("Example meter", 7)
    assert (profile.baud_bps, profile.parity, profile.stop_bits) == (9600, 0, 2)
    assert profile.names == ("energy", "power_w", "voltage_dv", "current_ma")
    assert profile.units == ("Wh", "W", "dV", "mA")
    assert profile.blocks == [(3, 100, 12), (4, 0, 3)]
    assert profile.block_of == [0, 0, 1, 1]
    values = [None] * 4
    payload = bytearray(24)
    payload[0:8] = bytes.fromhex("0005000000000000")
    payload[20:24] = bytes.fromhex("00003fc0")  # 1.5, low word first
    profile.values(0, payload, values)
    profile.values(1, bytes.fromhex("08fc0000006c"), values)
    assert values == [5, 1500, 2300, 11]
    assert profile.index("power_w") == 1 and profile.index("water") is None


def test_patterns_without_a_value():
    profile = loaded(EXAMPLE)
    for text in ("ffff0000006c", "80000000006c"):
        values = [1] * 4
        profile.values(1, bytes.fromhex(text), values)
        assert values == [1, 1, None, 11]


def test_where_a_register_starts_again():
    # At the width of an unsigned integer, or where the profile says; a float or 64 bits never.
    profile = loaded(EXAMPLE.replace("1       dV ", "10      dV  rolls=100000"))
    assert [profile.modulus(place) for place in range(4)] == [0, 0, 1000000, (1 << 32) // 10]
    assert profile.rating_w == 23000


def test_gap_and_limit_divide_blocks():
    for block, expected in (
        ("40 5", [(3, 100, 4), (3, 110, 2), (4, 0, 3)]),
        ("40 6", [(3, 100, 12), (4, 0, 3)]),
        ("11 6", [(3, 100, 4), (3, 110, 2), (4, 0, 3)]),
    ):
        assert loaded(example(7, "block " + block)).blocks == expected


def test_overlapping_registers_share_a_block():
    text = example(9, "read power_w 3 101 uint16 1 W")
    assert loaded(text).blocks[0] == (3, 100, 4)


def test_mistakes_name_their_line():
    types = "float32, float64, int16, int32, int64, uint16, uint32, uint64"
    for number, line, expected in (
        (
            2,
            "modle Example",
            "unknown word 'modle'; use read, model, source, serial, rating, ",
        ),
        (2, "model", "'model' must be 1 to 40 characters"),
        (3, "source", "'source' must say where the facts are from"),
        (3, "model again", "a second line 'model'"),
        (4, "serial 9600 8N1", "'serial' needs speed, format such as 8N1, and address"),
        (4, "serial 9601 8N1 1", "speed must be one of 1200, 2400, 4800, "),
        (4, "serial 9600 7E1 1", "unknown format '7E1'; use 8N1, 8E1, 8O1, 8N2, 8E2 or 8O2"),
        (4, "serial 9600 8N1 249", "address must be a number 1 to 248, not '249'"),
        (5, "rating", "'rating' needs the highest power in W"),
        (5, "rating 0", "rating must be a number 1 to 100000000, not '0'"),
        (6, "words ABCD", "'words' must be: high first, or: low first"),
        (7, "block 126 8", "block must be a number 1 to 125, not '126'"),
        (7, "block 40", "'block' needs registers in one read, and those of a gap"),
        (9, "read power_w 3 110 flaot32 1 W", "unknown type 'flaot32'; use " + types),
        (9, "read power_w 6 110 float32 1 W", "function must be a number 3 to 4, not '6'"),
        (
            9,
            "read power_w 3 65535 float32 1 W",
            "register must be a number 0 to 65534, not '65535'",
        ),
        (9, "read power_w 3 7b float32 1 W", "register must be a number 0 to 65534, not '7b'"),
        (9, "read power_w 3 110 float32 0.1 W", "scale must be a number from 1, not '0.1'"),
        (9, "read power_w 3 110 float32 1/0 W", "scale must be a number from 1, not '0'"),
        (9, "read power_w 3 110 float32 1", "'read' needs name, function, register, type, scale "),
        (9, "read energy 3 110 float32 1 W", "'energy' is there twice"),
        (9, "read power_w 3 110 float32 1 W none=x", "none must be a number from 0, not 'x'"),
        (9, "read power_w 3 110 uint16 1 W rolls=0", "rolls must be a number from 1, not '0'"),
        (9, "read power_w 3 110 float32 1 W low", "'low' is neither words=high, words=low, none="),
        (10, "block 40 8", "a second line 'block'"),
        (10, "read x 4 0 uint16 1 dV" + " " * 160, "more than 200 lines of 160 bytes"),
    ):
        said = complaint(example(number, line))
        head = "example.txt line %d: " % number
        assert said.startswith(head + expected), said


def test_a_line_that_is_missing():
    for number, word in (
        (2, "model"),
        (3, "source"),
        (4, "serial"),
        (5, "rating"),
        (6, "words"),
        (7, "block"),
    ):
        text = example(number, "# nothing")
        assert (
            complaint(text) == "example.txt line 8: '%s' must stand before the first 'read'" % word
        )
    assert complaint("") == "example.txt: no line 'model'"
    assert complaint(EXAMPLE.split("read")[0]) == "example.txt: no line 'read'"


def test_every_truncation_is_refused_or_has_fewer_quantities():
    # A file that was cut off: whole lines are missing, or the last one is too short.
    for end in range(len(EXAMPLE)):
        try:
            assert len(loaded(EXAMPLE[:end]).names) <= 4
        except ProfileError as error:
            said = str(error)
            assert said.startswith("example.txt")


def test_value_wider_than_a_block():
    text = example(7, "block 3 0")
    assert complaint(text) == "example.txt line 8: int64 takes 4 registers, more than a block"


def test_too_many_lines_and_quantities():
    assert "more than 200 lines" in complaint("# x\n" * 201)
    reads = "".join(["read q%d 4 %d uint16 1 W\n" % (i, i) for i in range(65)])
    assert complaint(EXAMPLE.split("read")[0] + reads).endswith("more than 64 quantities")
