"""Register words to integers: vectors from manuals and captures, exact at every size."""

from lib import decode

T = decode.TYPES


def value(text, kind, num=1, den=1, low_first=False):
    return decode.scaled(decode.raw(bytes.fromhex(text), 0, T[kind], low_first), T[kind], num, den)


def test_words_of_every_type():
    sizes = {kind: decode.words(T[kind]) for kind in T}
    for kind, count in sizes.items():
        assert 16 * count == int(kind[-2:]), kind


def test_integers():
    assert value("08d1", "uint16") == 2257
    assert value("ffff", "uint16") == 65535
    assert value("ffff", "int16") == -1
    assert value("8000", "int16") == -32768
    assert value("7fffffff", "int32") == 2147483647
    assert value("80000000", "int32") == -2147483648
    assert value("fffffffe", "uint32") == 4294967294
    assert value("7fffffffffffffff", "int64") == (1 << 63) - 1
    assert value("8000000000000000", "int64") == -(1 << 63)
    assert value("0000000000003039", "uint64") == 12345


def test_more_than_64_bits_is_no_value():
    assert value("ffffffffffffffff", "uint64") is None
    assert value("7fffffffffffffff", "int64", 2) is None


def test_low_word_first():
    assert value("11223344", "uint32") == 0x11223344
    assert value("33441122", "uint32", low_first=True) == 0x11223344
    assert value("7788556633441122", "uint64", low_first=True) == 0x1122334455667788
    assert value("80003f9d", "float32", 1000, low_first=True) == 1230  # 1.23046875


def test_pzem016_answer_as_captured():
    # 225.7 V, 0.108 A, 24.4 W, 38 Wh, 50.0 Hz: low word first.
    payload = bytes.fromhex("08d1006c000000f400000026000001f400640000")
    cases = ((0, "uint16", 2257), (2, "uint32", 108), (6, "uint32", 244), (10, "uint32", 38))
    for at, kind, expected in cases:
        assert decode.scaled(decode.raw(payload, at, T[kind], True), T[kind]) == expected


def test_float32():
    assert value("43663334", "float32", 10) == 2302  # 230.2 V
    assert value("3f4d70a4", "float32", 1000) == 803  # 0.8025 kW, from a DDSU666
    assert value("461c4000", "float32", 1000) == 10000000
    assert value("4b7fffff", "float32", 1000) == 16777215000  # beyond 24 bits, still exact
    assert value("c2c80000", "float32") == -100
    for zero in ("00000000", "80000000", "00000001", "807fffff"):
        assert value(zero, "float32", 1000) == 0


def test_float64():
    assert value("40c3880000000000", "float64", 1000) == 10000000
    assert value("c0f86a0000000000", "float64") == -100000
    assert value("434fffffffffffff", "float64") == 0x3FFFFFFFFFFFFE
    assert value("0000000000000001", "float64", 1000) == 0


def test_no_number_is_no_value():
    for bits in ("7f800000", "ff800000", "7fc00000", "ffffffff", "7f800001"):
        assert value(bits, "float32", 1000) is None, bits
    for bits in ("7ff0000000000000", "fff0000000000000", "7ff8000000000000"):
        assert value(bits, "float64", 1000) is None, bits
    assert value("7f7fffff", "float32") is None  # 3.4e38
    assert value("7fefffffffffffff", "float64") is None


def test_half_is_rounded_away_from_zero():
    for raw, rounded in ((0, 0), (4, 0), (5, 1), (14, 1), (15, 2), (25, 3)):
        assert decode.scaled(raw, T["uint16"], 1, 10) == rounded
        assert decode.scaled((65536 - raw) & 0xFFFF, T["int16"], 1, 10) == -rounded
    assert value("3f000000", "float32") == 1
    assert value("bf000000", "float32") == -1
    assert value("3effffff", "float32") == 0


def test_scale_can_turn_the_sign():
    assert value("0005", "int16", -10) == -50
    assert value("fffb", "int16", -10) == 50


def test_offset_in_a_payload():
    payload = bytes.fromhex("ffff00000007ffff")
    assert decode.raw(payload, 2, T["uint32"]) == 7
