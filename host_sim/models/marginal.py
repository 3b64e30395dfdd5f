"""Bits that an interrupted program or erase left in between: they read either way until erased."""

import random

AS_ERASED = "as erased"
AS_PROGRAMMED = "as programmed"
NOISE = "noise"  # each read throws the dice
MOODS = (AS_ERASED, AS_PROGRAMMED, NOISE)


class Marginal:
    """The marginal bits of a chip, by address; false when there are none."""

    def __init__(self):
        self._bits: dict[int, int] = {}

    def __bool__(self) -> bool:
        return bool(self._bits)

    def copy(self) -> "Marginal":
        """The same bits, to go on with separately."""
        other = Marginal()
        other._bits = dict(self._bits)
        return other

    def loosen(self, address: int, bits: int) -> None:
        """Make bits of one byte marginal."""
        if bits:
            self._bits[address] = bits

    def program(self, address: int, data: bytes) -> None:
        """Bits that are programmed to 0 are 0 for good."""
        for i, byte in self._within(address, len(data)):
            self._bits[i] = byte & data[i - address]

    def erase(self, address: int, length: int) -> None:
        """A whole erase ends it."""
        for i, _ in self._within(address, length):
            del self._bits[i]

    def read(self, found: bytearray, address: int, mood: str, rng: random.Random) -> None:
        """Change what was read at `address` to what these bits show now."""
        if mood == AS_ERASED:
            return
        for i, bits in self._within(address, len(found)):
            mask = bits & rng.randrange(256) if mood == NOISE else bits
            found[i - address] &= ~mask

    def _within(self, address: int, length: int) -> list[tuple[int, int]]:
        """(address, bits) in a stretch, in order."""
        if length < len(self._bits):
            inside = [i for i in range(address, address + length) if i in self._bits]
        else:
            inside = sorted(i for i in self._bits if address <= i < address + length)
        return [(i, self._bits[i]) for i in inside]
