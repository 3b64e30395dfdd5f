"""States of the leak rules that tests begin with, and the seed of those that go at random."""

import random
import time

from lib import leak, leak_gap

DAY = 96


def fresh(quarter=DAY * 20000):
    """A state of which nothing is known."""
    state = [0] * leak.SIZE
    state[leak.QUARTER] = quarter - DAY
    leak_gap.skip(state, (0,) * 11, DAY, 0)
    return state


def seeded():
    """Let `random` go on from a new seed, which is printed."""
    seed = time.time_ns() % 1000000
    print("seed", seed)
    random.seed(seed)
