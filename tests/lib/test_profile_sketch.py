"""A sketch of a profile says of every built-in model what the checked and compiled one says."""

import os

from lib import decode, profile_sketch, profile_text

PROFILES = profile_text.__file__.rpartition("/lib/")[0] + "/profiles/"


def test_it_agrees_with_the_whole():
    seen = 0
    for name in os.listdir(PROFILES):
        with open(PROFILES + name) as text:
            whole = profile_text.load(text, name)
        with open(PROFILES + name) as text:
            rating_w, names, fields = profile_sketch.read(text)
        assert (rating_w, names) == (whole.rating_w, whole.names)
        assert [tuple(field) for field in fields] == [field[:6] for field in whole.fields]
        seen += 1
    assert seen >= 7


def test_a_value():
    field = (4, 72, decode.TYPES["float32"], False, 1000, 1)
    assert profile_sketch.value(field, b"\x46\x1c\x40\x00") == 10000000
    assert profile_sketch.value(field, b"\x7f\xc0\x00\x00") is None


def test_what_is_no_profile():
    for line in (
        "read a b c",
        "read a 4 x uint16 1 Wh",
        "read a 4 1 uint16 one Wh",
        "rating much",
    ):
        try:
            profile_sketch.read([line])
        except (ValueError, IndexError):
            continue
        raise AssertionError(line)
