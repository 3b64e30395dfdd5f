"""Quality flags: the values are a wire format, so they are written here again."""

from lib import quality


def test_values_of_the_wire_format():
    flags = (
        quality.PARTIAL,
        quality.CLOCK_MOVED,
        quality.CLOCK_UNTRUSTED,
        quality.MISSING,
        quality.ESTIMATED,
        quality.OVERFLOW,
        quality.CONFIG_CHANGED,
        quality.DST,
    )
    assert flags == (1, 2, 4, 8, 16, 32, 64, 128)
