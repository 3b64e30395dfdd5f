"""A million answers, nearly all of them wrong, to the real driver on a wire in virtual time.

How many wrong values a CRC lets pass is known (liar.py), so it is not enough that they are few:
the count must be one that a Poisson distribution of that mean allows.

    python -m tests.drivers.fuzz --answers 1000000 --seed 1
"""

import argparse
import math
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tools.firmware_path import FIRMWARE  # noqa: F401  (makes what follows importable)

# isort: split
from tests.drivers.interview import Tally, interview

BATCH = 2000  # answers of one seed
INCREDIBLE = 1e-6


def run(seed: int) -> Tally:
    """The answers of one seed. They do not depend on what ran before."""
    return interview(seed, BATCH)


def chance(count: int, mean: float) -> float:
    """How probable it is that a Poisson variable is as far out as `count`, on its side."""
    if count <= mean:
        return sum(_poisson(k, mean) for k in range(count + 1))
    return 1 - sum(_poisson(k, mean) for k in range(count))


def _poisson(k: int, mean: float) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 1 when the driver took what it must not, or did not take what it
    must.
    """
    parser = argparse.ArgumentParser(description="Lie to the Modbus master.")
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    began, done, wrong, expected, failures = time.monotonic(), 0, 0, 0.0, 0
    seeds = range(options.seed, options.seed + max(1, -(-options.answers // BATCH)))
    with ProcessPoolExecutor() as pool:
        for seed, tally in zip(seeds, pool.map(run, seeds, chunksize=4), strict=True):
            done += tally.answers
            wrong += tally.wrong
            expected += tally.expected_wrong
            if tally.faults:
                failures += 1
                again = f"python -m tests.drivers.fuzz --answers 1 --seed {seed}"
                print(f"\nseed {seed} fails: {again}", *tally.faults, sep="\n")
            print(f"\r{done:,} answers, {failures} failures ", end="", file=sys.stderr)
    probability = chance(wrong, expected)
    print(
        f"\n{done:,} answers, {wrong} wrong values accepted, theory {expected:.1f} "
        f"(p = {probability:.2g}), seeds {seeds[0]}..{seeds[-1]}, {failures} failures, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if failures or probability < INCREDIBLE else 0


if __name__ == "__main__":
    sys.exit(main())
