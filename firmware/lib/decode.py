"""Register words to scaled integers, exactly: no float is ever made.

A float register is taken apart into sign, mantissa and exponent; times the scale it is a
fraction of two integers, rounded once, half away from zero (a meter's export is rounded
like its import). So 0x461C4000, 10000.0 kWh, at scale [1000, 1] is exactly 10 000 000 Wh.
"""

_WORDS = 7
_SIGNED = 8
_FLOAT = 16

TYPES = {
    "uint16": 1,
    "uint32": 2,
    "uint64": 4,
    "int16": 1 | _SIGNED,
    "int32": 2 | _SIGNED,
    "int64": 4 | _SIGNED,
    "float32": 2 | _FLOAT,
    "float64": 4 | _FLOAT,
}

_LIMIT = 1 << 63


def words(kind: int) -> int:
    """Number of 16-bit registers a value of `kind` (a value of TYPES) takes."""
    return kind & _WORDS


def width(kind: int) -> int:
    """Raw value after the highest one of an unsigned integer of up to 32 bits; 0 for other kinds:
    nobody lives to see 64 bits overflow."""
    count = kind & _WORDS
    return 0 if kind & (_SIGNED | _FLOAT) or count > 2 else 1 << (16 * count)


def raw(payload: bytes, at: int, kind: int, low_first: bool = False) -> int:
    """Unsigned bit pattern of the value at byte `at`; `low_first`: low word comes first."""
    count = kind & _WORDS
    pattern = 0
    for i in range(count):
        j = at + 2 * (count - 1 - i if low_first else i)
        pattern = pattern << 16 | payload[j] << 8 | payload[j + 1]
    return pattern


def scaled(pattern: int, kind: int, num: int = 1, den: int = 1) -> int | None:
    """`pattern` as a number of `kind`, times `num`/`den`, rounded half away from zero.

    None for NaN and infinity, and for what does not fit 64 bits: no meter means that.
    """
    if kind & _FLOAT:
        value = _float_scaled(pattern, kind & _WORDS, num, den)
    else:
        if kind & _SIGNED:
            bits = 16 * (kind & _WORDS)
            if pattern >> (bits - 1):
                pattern -= 1 << bits
        value = _ratio(pattern * num, den)
    if value is None or not -_LIMIT <= value < _LIMIT:
        return None
    return value


def _float_scaled(pattern: int, count: int, num: int, den: int) -> int | None:
    """IEEE 754 binary32 (2 words) or binary64 (4 words) times `num`/`den`."""
    mantissa_bits, exponent_mask = (23, 0xFF) if count == 2 else (52, 0x7FF)
    exponent = pattern >> mantissa_bits & exponent_mask
    mantissa = pattern & ((1 << mantissa_bits) - 1)
    if exponent == exponent_mask:
        return None
    if exponent:
        mantissa |= 1 << mantissa_bits
    else:
        exponent = 1  # subnormal: no hidden bit
    if pattern >> (16 * count - 1):
        mantissa = -mantissa
    shift = exponent - (exponent_mask >> 1) - mantissa_bits
    if shift >= 0:
        return _ratio((mantissa * num) << shift, den)
    return _ratio(mantissa * num, den << -shift)


def _ratio(num: int, den: int) -> int:
    """`num`/`den` rounded half away from zero; `den` > 0."""
    if num < 0:
        return -((den - 2 * num) // (2 * den))
    return (den + 2 * num) // (2 * den)
