"""Short lives of a collector with everything that goes wrong, from seeds; `make years` lives whole
years of it, on both interpreters. What must be true stands in years_oracle.py.
"""

import pytest

from tests.sim import years
from tests.vm import NO_MICROPYTHON, have_micropython


# by their remainder of three: nothing, no network for half of it, a clock that lies
@pytest.mark.long_where(days=6)
@pytest.mark.parametrize(
    ("interpreter", "seed", "days"),
    [("cpython", 3, 4), ("micropython", 4, 1), ("cpython", 5, 6)],
)
def test_every_second_is_in_one_interval_and_every_sum_is_right(
    interpreter: str, seed: int, days: int
) -> None:
    if interpreter == "micropython" and not have_micropython():
        pytest.skip(NO_MICROPYTHON)
    years.live(seed, days, interpreter)
