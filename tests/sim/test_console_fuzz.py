"""Some lines of nonsense to the console on both interpreters; `make lines` says a hundred
thousand. What must be true stands in console_fuzz.py.
"""

from tests.sim import console_fuzz

SEEDS = {"cpython": 3, "micropython": 4}


def test_nonsense_stops_nothing_and_learns_nothing(vm: str) -> None:
    assert not console_fuzz.live(SEEDS[vm], vm)
