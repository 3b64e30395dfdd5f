"""Arguments of commands: what is wrong is named, with what it may be."""

from lib import arguments


def wrong(value):
    try:
        arguments.integer({"after": value}, "after", 0, 3)
    except ValueError as refusal:
        return str(refusal)
    raise AssertionError(value)


def test_an_integer_within_its_limits():
    assert arguments.integer({"after": 3}, "after", 0, 3) == 3
    for value in (None, "3", -1, 4, 2.5, True):
        assert wrong(value) == "after: must be an integer from 0 to 3"
