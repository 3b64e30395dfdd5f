"""Short lives of a collector with everything that goes wrong, from seeds; `make years` lives whole
years of it. What must be true stands in years_oracle.py.
"""

import pytest

from tests.sim import years

# by their remainder of three: nothing, no network for half of it, a clock that lies
SEEDS = (3, 4, 5)
DAYS = {"cpython": 8, "micropython": 5}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_second_is_in_one_interval_and_every_sum_is_right(vm: str, seed: int) -> None:
    years.live(seed, DAYS[vm], vm)
