"""Bits that an interrupted program or erase left in between: they read either way until erased."""

import random

AS_ERASED = "as erased"
AS_PROGRAMMED = "as programmed"
NOISE = "noise"  # each read throws the dice
MOODS = (AS_ERASED, AS_PROGRAMMED, NOISE)
_PAGE_BYTES = 256


class Marginal:
    """The marginal bits of a chip, by page and address; false when there are none."""

    def __init__(self):
        self._pages: dict[int, dict[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._pages)

    def copy(self) -> "Marginal":
        """The same bits, to go on with separately."""
        other = Marginal()
        other._pages = {number: dict(page) for number, page in self._pages.items()}
        return other

    def loosen(self, address: int, bits: int) -> None:
        """Make bits of one byte marginal."""
        if bits:
            self._pages.setdefault(address // _PAGE_BYTES, {})[address] = bits

    def program(self, address: int, data: bytes) -> None:
        """Bits that are programmed to 0 are 0 for good."""
        for i, bits in self._within(address, len(data)):
            self._pages[i // _PAGE_BYTES][i] = bits & data[i - address]

    def erase(self, address: int, length: int) -> None:
        """A whole erase, of whole pages, ends it."""
        for number in range(address // _PAGE_BYTES, (address + length) // _PAGE_BYTES):
            self._pages.pop(number, None)

    def read(self, found: bytearray, address: int, mood: str, rng: random.Random) -> None:
        """Change what was read at `address` to what these bits show now."""
        if mood == AS_ERASED:
            return
        for i, bits in self._within(address, len(found)):
            mask = bits & rng.randrange(256) if mood == NOISE else bits
            found[i - address] &= ~mask

    def _within(self, address: int, length: int) -> list[tuple[int, int]]:
        """(address, bits) in a stretch, in order."""
        found = []
        for number in range(address // _PAGE_BYTES, (address + length - 1) // _PAGE_BYTES + 1):
            if page := self._pages.get(number):
                found += [(i, page[i]) for i in page if address <= i < address + length]
        return sorted(found)
