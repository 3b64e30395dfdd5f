"""Rings of 96 bits in a list of integers: the quarter-hours of a day, newest first.

Four integers of 24 bits each: one of more than 30 is an object of its own on a 32-bit board.
"""

from micropython import const

_WORDS = const(4)
_BITS = const(24)
_MASK = const(0xFFFFFF)


def shift(state: list, ring: int, bit: int) -> None:
    """One more in the ring that begins at place `ring`; the oldest is forgotten."""
    for word in range(ring, ring + _WORDS):
        moved = state[word] << 1 | bit
        bit = moved >> _BITS
        state[word] = moved & _MASK


def any_of(state: list, ring: int, newest: int) -> bool:
    """Whether one of so many is set."""
    while newest > 0:
        if state[ring] & (1 << min(newest, _BITS)) - 1:
            return True
        ring += 1
        newest -= _BITS
    return False


def ones(state: list, ring: int) -> int:
    """How many are set."""
    return ones_of_two(state, ring, ring)


def ones_of_two(state: list, ring: int, other: int) -> int:
    """How many are set in one of two rings, or in both."""
    count = 0
    for word in range(_WORDS):
        bits = state[ring + word] | state[other + word]
        while bits:
            bits &= bits - 1
            count += 1
    return count


def bucket(days: int) -> int:
    """Days as water meters tell them: 0, 1-2, 3-7, 8-14, 15-21, 22-34, and 35 or more."""
    count = 0
    while days:
        days &= days - 1
        count += 1
    return sum([count >= least for least in (1, 3, 8, 15, 22, 35)])
