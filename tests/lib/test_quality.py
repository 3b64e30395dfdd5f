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
    assert len(quality.NAMES) == len(flags)


def test_names():
    assert quality.names(0) == "good"
    assert quality.names(quality.PARTIAL | quality.DST) == "partial, dst"
    assert quality.names(255).count(",") == 7
