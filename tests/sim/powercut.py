"""The supply fails at every flash operation, and again while the journal recovers.

`cut_everywhere` repeats each flash operation of a run with the supply cut in it in every way;
`live` is one long life with a cut in every boot; document_owner.py lives such a life with the
configuration.

    python -m tests.sim.powercut --cuts 1000000 --seed 1
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from itertools import repeat

from host_sim.models.nor import CUTS, SECTOR_BYTES, Nor, PowerCut
from tests.sim.document_owner import Tenant
from tests.sim.journal_owner import House

SECTORS = 4
LIFE = 500  # cuts
CHILDHOOD = 20  # cuts; what happens before the first record is safe happens only here
LIFE_SECTORS = 12  # a life may fail several times in a row to open a sector


def cut_everywhere(seed: int, warm_up: int, steps: int, ways: tuple[str, ...] = CUTS) -> int:
    """After `warm_up` steps, cut each flash operation of `steps` more in every way, and go on.

    Returns the number of cuts.
    """
    nor = _HookedNor(SECTORS * SECTOR_BYTES, seed=seed, write_once_16=True)
    house = House(nor, seed)
    cuts = 0

    def before(operation: Callable[[Nor], None]) -> None:
        nonlocal cuts
        for how in ways:
            cuts += 1
            _cut_once(house, operation, how, seed * 1_000_003 + cuts)

    house.start()
    if not warm_up:
        nor.before = before
    house.settle()
    for _ in range(warm_up):
        house.step()
    nor.before = before
    for _ in range(steps):
        house.step()
    return cuts


def _cut_once(house: House, operation: Callable[[Nor], None], how: str, seed: int) -> None:
    nor = Nor.copy(house.nor, seed)
    nor.__class__ = Nor
    other = house.copy(nor, seed)
    nor.cut_after(1, how)
    with suppress(PowerCut):
        operation(nor)
    for _ in range(2):  # what is marginal may read differently in the second boot
        nor.power_on()
        other.start()
        other.settle()
        for _ in range(3):
            other.step()
        nor.power_off()


class _HookedNor(Nor):
    """Tells of each operation before it happens."""

    before: Callable[[Callable[[Nor], None]], None] | None = None

    def program(self, address: int, data: bytes) -> None:
        """Tell, then program."""
        if self.before:
            data = bytes(data)
            self.before(lambda nor: nor.program(address, data))
        super().program(address, data)

    def erase(self, sector: int) -> None:
        """Tell, then erase."""
        if self.before:
            self.before(lambda nor: nor.erase(sector))
        super().erase(sector)


def live(seed: int, cuts: int) -> None:
    """One life: a cut in every boot, often in the recovery itself."""
    rng = random.Random(seed)
    nor = Nor(LIFE_SECTORS * SECTOR_BYTES, seed=seed, write_once_16=True)
    house = House(nor, seed)
    for _ in range(cuts):
        nor.power_on()
        nor.cut_after(rng.randint(1, rng.choice((3, 10, 60))), rng.choice(CUTS))
        try:
            house.start()
            house.settle()
            while True:
                house.step()
        except PowerCut:
            pass


def run(seed: int, cuts: int) -> tuple[int, str]:
    """One seed of the campaign: how many cuts it made, and the traceback when it failed."""
    try:
        if seed % 8 == 7:
            Tenant(seed).live(cuts)
        elif seed % 8 == 5:
            for child in range(cuts // CHILDHOOD):
                live(seed * 1000 + child, CHILDHOOD)
        elif seed % 2:
            live(seed, cuts)
        else:
            cuts = cut_everywhere(seed, seed % 7 * 60, 40)
    except Exception:
        return cuts, traceback.format_exc()
    return cuts, ""


def main() -> int:
    """Command line; exit status 1 when the journal broke its word."""
    parser = argparse.ArgumentParser(description="Cut the supply of the journal everywhere.")
    parser.add_argument("--cuts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, done, seed, failures = time.monotonic(), 0, options.seed, 0
    with ProcessPoolExecutor() as pool:
        seeds = range(seed, seed + options.cuts // 100 + 2)
        for seed, (cuts, failure) in zip(seeds, pool.map(run, seeds, repeat(LIFE)), strict=True):
            done += cuts
            if failure:
                failures += 1
                again = f"python -m tests.sim.powercut --cuts 1 --seed {seed}"
                print(f"\nseed {seed} fails: {again}\n{failure}")
            print(f"\r{done:,} cuts, {failures} failures ", end="", file=sys.stderr)
            if done >= options.cuts:
                pool.shutdown(cancel_futures=True)
                break
    took_s = time.monotonic() - began
    print(f"\n{done:,} cuts, seeds {options.seed}..{seed}, {failures} failures, {took_s:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
