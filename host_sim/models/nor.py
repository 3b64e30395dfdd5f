"""NOR flash as it is: programming only clears bits, erasing goes by 4 KiB, power can fail in both.

Deterministic: everything random comes from the seed. Times are in nor_timing.py.
"""

import copy
import random
from pathlib import Path

from host_sim.models.marginal import MOODS, Marginal
from host_sim.models.nor_timing import ERASE_US, PROGRAM_TABLE_US, READ_TABLE_US, cost_us

SECTOR_BYTES = 4096
BLOCK_BYTES = 16  # what flash encryption writes at once
_BLANK_BLOCK = b"\xff" * BLOCK_BYTES

# How far an operation gets when the supply is cut in it.
NOTHING = "nothing"
SOME_BYTES = "some bytes"  # a prefix is done
SOME_BITS = "some bits"  # a prefix, and some bits of the byte behind it
SCATTERED = "scattered"  # any of the bits, all over
MARGINAL = "marginal"  # a prefix; the bits behind it read either way until erased
ALL = "all"
CUTS = (NOTHING, SOME_BYTES, SOME_BITS, SCATTERED, MARGINAL, ALL)


class PowerCut(Exception):
    """The supply is gone: this operation was cut short, or came too late."""


class Violation(Exception):
    """The firmware asked for what NOR flash, or flash encryption, does not do."""


class Nor:
    """One flash chip, or a partition of it.

    write_once_16: a 16-byte block may be programmed once only between erases
    strict: programming a 1 over a 0 raises Violation; else it is counted in `violations`
    broken: sectors that fail: "program" or "erase" raise OSError, "stuck" ignores both silently

    mood: what marginal bits read now, one of MOODS; `power_on` throws the dice

    Counters: reads, bytes_read, programs, bytes_programmed, erases, busy_us (time the chip was
    busy), `wear` (erases of each sector), `operations` (programs and erases, for `cut_after`).
    """

    def __init__(
        self, size: int, *, seed: int = 0, write_once_16: bool = False, strict: bool = True
    ):
        if size <= 0 or size % SECTOR_BYTES:
            raise ValueError(f"flash of {size} bytes is not a multiple of {SECTOR_BYTES}")
        self.size = size
        self.write_once_16 = write_once_16
        self.strict = strict
        self.data = bytearray(b"\xff" * size)
        self.broken: dict[int, str] = {}
        self.wear = [0] * (size // SECTOR_BYTES)
        self.powered = True
        self.reads = self.bytes_read = self.programs = self.bytes_programmed = 0
        self.erases = self.busy_us = self.operations = self.violations = 0
        self._random = random.Random(seed)
        self._written = bytearray(size // BLOCK_BYTES)  # 1: block programmed since its erase
        self._marginal = Marginal()
        self.mood = MOODS[0]
        self._cut_at = 0
        self._cut_how = NOTHING

    # --- operations -----------------------------------------------------------------------

    def read(self, address: int, length: int) -> bytes:
        """`length` bytes from `address`."""
        self._check(address, length)
        self.reads += 1
        self.bytes_read += length
        self.busy_us += cost_us(READ_TABLE_US, length)
        found = self.data[address : address + length]
        if self._marginal:
            self._marginal.read(found, address, self.mood, self._random)
        return bytes(found)

    def program(self, address: int, data: bytes) -> None:
        """Clear the bits that are 0 in `data`. Violation, OSError or PowerCut."""
        length = len(data)
        end = address + length
        self._check(address, length)
        broken = self.broken.get(address // SECTOR_BYTES) if self.broken else None
        if broken == "program":
            raise OSError(5, "program failed")
        self._check_program(address, end, data)
        self.operations += 1
        if self.operations == self._cut_at:
            self._cut_program(address, data)
        self.programs += 1
        self.bytes_programmed += length
        self.busy_us += cost_us(PROGRAM_TABLE_US, length)
        if broken != "stuck":
            self._clear(address, end, data)
            self._mark(address, end)

    def erase(self, sector: int) -> None:
        """Set every bit of a 4 KiB sector. OSError or PowerCut."""
        self._check(sector * SECTOR_BYTES, SECTOR_BYTES)
        broken = self.broken.get(sector)
        if broken == "erase":
            raise OSError(5, "erase failed")
        self.operations += 1
        if self.operations == self._cut_at:
            self._cut_erase(sector)
        self.erases += 1
        self.wear[sector] += 1
        self.busy_us += ERASE_US
        if broken != "stuck":
            self._set(sector, b"\xff" * SECTOR_BYTES)

    # --- power ----------------------------------------------------------------------------

    def cut_after(self, count: int, how: str) -> None:
        """Cut the supply in the `count`-th program or erase from now on, `how` far into it."""
        self._cut_at = self.operations + count
        self._cut_how = how

    def power_off(self) -> None:
        """The supply goes between two operations."""
        self.powered = False

    def power_on(self) -> None:
        """The supply is back; the contents are what the cut left, no cut is planned."""
        self.powered = True
        self._cut_at = 0
        self.mood = self._random.choice(MOODS)

    def _fail(self) -> None:
        self.powered = False
        raise PowerCut

    def _cut_program(self, address: int, data: bytes) -> None:
        """Do a part of a program, then lose the supply."""
        rng, how = self._random, self._cut_how
        old = self.data[address : address + len(data)]
        done = {NOTHING: 0, ALL: len(data)}.get(how, rng.choice((0, rng.randrange(len(data)))))
        part = bytearray(data[:done]) + b"\xff" * (len(data) - done)
        if how == SOME_BITS:
            part[done] = data[done] | rng.randrange(256)
        elif how == SCATTERED:
            part = bytearray(a | b for a, b in zip(data, rng.randbytes(len(data)), strict=True))
        elif how == MARGINAL:
            for i in range(done, len(data)):
                self._marginal.loosen(address + i, old[i] & ~data[i])
        self._clear(address, address + len(data), part)
        for i, byte in enumerate(part):
            if byte & old[i] != old[i]:
                self._written[(address + i) // BLOCK_BYTES] = 1
        self._fail()

    def _cut_erase(self, sector: int) -> None:
        """Do a part of an erase, then lose the supply."""
        rng, how = self._random, self._cut_how
        start = sector * SECTOR_BYTES
        old = self.data[start : start + SECTOR_BYTES]
        if how == ALL:
            self._set(sector, b"\xff" * SECTOR_BYTES)
        elif how in (SOME_BYTES, SOME_BITS):
            done = rng.randrange(1, SECTOR_BYTES)
            new = bytearray(b"\xff" * done + old[done:])
            if how == SOME_BITS:
                new[min(done, SECTOR_BYTES - 1)] |= rng.randrange(256)
            self._set(sector, new, keep=done // BLOCK_BYTES * BLOCK_BYTES)
        elif how == SCATTERED:
            noise = rng.randbytes(SECTOR_BYTES)
            self._set(sector, bytes(a | b for a, b in zip(old, noise, strict=True)), keep=0)
        elif how == MARGINAL:
            for i, byte in enumerate(old):
                self._marginal.loosen(start + i, byte ^ 0xFF)
            self._set(sector, b"\xff" * SECTOR_BYTES, keep=0, marginal=True)
        self._fail()

    def _check(self, address: int, length: int) -> None:
        if not self.powered:
            raise PowerCut
        if address < 0 or length < 0 or address + length > self.size:
            raise OSError(22, f"flash access outside: {address}+{length}")

    def _check_program(self, address: int, end: int, data: bytes) -> None:
        if self.write_once_16:
            if address % BLOCK_BYTES or end % BLOCK_BYTES:
                raise Violation(f"program of {address}..{end} is not in whole 16-byte blocks")
            if 1 in self._written[address // BLOCK_BYTES : end // BLOCK_BYTES]:
                raise Violation(f"second program of a block in {address}..{end}")
        old = int.from_bytes(self.data[address:end], "little")
        if int.from_bytes(data, "little") & ~old:
            self.violations += 1
            if self.strict:
                raise Violation(f"program of 1 over 0 in {address}..{end}")

    def _clear(self, address: int, end: int, data: bytes) -> None:
        """Program cells for good."""
        new = int.from_bytes(self.data[address:end], "little") & int.from_bytes(data, "little")
        self.data[address:end] = new.to_bytes(end - address, "little")
        if self._marginal:
            self._marginal.program(address, data)

    def _set(
        self, sector: int, new: bytes, keep: int = SECTOR_BYTES, marginal: bool = False
    ) -> None:
        """Replace a sector; blocks from offset `keep` on stay marked as programmed."""
        start = sector * SECTOR_BYTES
        self.data[start : start + SECTOR_BYTES] = new
        blocks = slice(start // BLOCK_BYTES, (start + keep) // BLOCK_BYTES)
        self._written[blocks] = bytes(keep // BLOCK_BYTES)
        if not marginal:
            self._marginal.erase(start, SECTOR_BYTES)

    def _mark(self, address: int, end: int) -> None:
        """Note blocks as programmed."""
        first, last = address // BLOCK_BYTES, (end - 1) // BLOCK_BYTES
        self._written[first : last + 1] = b"\1" * (last + 1 - first)

    def copy(self, seed: int) -> "Nor":
        """Another chip with the same cells, its own counters and random numbers."""
        other = copy.copy(self)
        other.data = bytearray(self.data)
        other._written = bytearray(self._written)
        other._marginal = self._marginal.copy()
        other.wear = list(self.wear)
        other.broken = dict(self.broken)
        other._random = random.Random(seed)
        return other

    def save(self, path: Path) -> None:
        """Write the contents to a file."""
        Path(path).write_bytes(self.data)

    def load(self, path: Path) -> None:
        """Take the contents of a file of exactly this size; ValueError otherwise."""
        self.store(Path(path).read_bytes())

    def store(self, raw: bytes) -> None:
        """Take these contents, as a flashing tool writes them; ValueError if the size differs."""
        if len(raw) != self.size:
            raise ValueError(f"image of {len(raw)} bytes for a flash of {self.size}")
        self.data[:] = raw
        self._marginal = Marginal()
        self.load_marks()

    def load_marks(self) -> None:
        """After `data` was changed from outside: blocks that are not blank count as programmed."""
        for i in range(0, self.size, BLOCK_BYTES):
            self._written[i // BLOCK_BYTES] = self.data[i : i + BLOCK_BYTES] != _BLANK_BLOCK
