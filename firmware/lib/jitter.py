"""Small random numbers for back-off jitter: a fleet must not come back in step.

Xorshift on 16 bits (shifts 7, 9, 8: full period 65535). All values stay small integers on a
32-bit board, so drawing one allocates nothing. Not for secrets.
"""


class Jitter:
    """Deterministic for a seed (for instance the CRC of the chip's unique id)."""

    def __init__(self, seed: int):
        self._state = seed & 0xFFFF or 0xACE1

    def _next(self) -> int:
        x = self._state
        x = (x ^ x << 7) & 0xFFFF
        x ^= x >> 9
        x = (x ^ x << 8) & 0xFFFF
        self._state = x
        return x

    def below(self, limit: int) -> int:
        """An integer from 0 to `limit` - 1; 1 <= `limit` <= 2^29."""
        return (self._next() << 13 ^ self._next()) % limit

    def spread(self, span: int) -> int:
        """An integer between half of `span` and `span`: what a back-off delay is made of."""
        half = span // 2
        return half + self.below(span - half + 1)
