"""Every bit pattern of every type against exact fractions of CPython."""

import struct
from fractions import Fraction
from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from lib import decode

STRUCT_CODES = {
    "uint16": "H",
    "uint32": "I",
    "uint64": "Q",
    "int16": "h",
    "int32": "i",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}
kinds = st.sampled_from(sorted(decode.TYPES))
nums = st.integers(-10_000_000, 10_000_000).filter(bool)
dens = st.integers(1, 10_000_000)


def rounded(exact: Fraction) -> int:
    """Half away from zero."""
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


@given(kinds, st.binary(min_size=8, max_size=8), nums, dens, st.booleans(), st.integers(0, 3))
def test_exact_value(
    kind: str, wire: bytes, num: int, den: int, low_first: bool, before: int
) -> None:
    size = 2 * decode.words(decode.TYPES[kind])
    words = [wire[i : i + 2] for i in range(0, size, 2)]
    payload = bytes(before) + b"".join(reversed(words) if low_first else words)
    value = struct.unpack(">" + STRUCT_CODES[kind], wire[:size])[0]

    pattern = decode.raw(payload, before, decode.TYPES[kind], low_first)
    assert pattern == int.from_bytes(wire[:size], "big")
    expected = rounded(Fraction(value) * num / den) if isfinite(value) else None
    if expected is not None and not -(2**63) <= expected < 2**63:
        expected = None
    assert decode.scaled(pattern, decode.TYPES[kind], num, den) == expected


@given(st.floats(width=32, min_value=0, max_value=2**40), st.floats(width=32, min_value=0))
def test_a_rising_register_never_falls_by_rounding(low: float, high: float) -> None:
    low, high = sorted((low, high))
    kind = decode.TYPES["float32"]
    values = [
        decode.scaled(int.from_bytes(struct.pack(">f", x), "big"), kind, 1000) for x in (low, high)
    ]
    assert values[0] is not None
    assert values[1] is None or values[0] <= values[1]
