"""Days of a recorded water meter through the whole firmware: the leak in them is told within an
hour, and no other (`make leaks` has all homes and a year).
"""

from tests.sim.recorded_leaks import (
    DAY_S,
    HOMES,
    agree,
    expected,
    lived,
    own_minute_s,
    replayed_s,
    told,
)
from tests.sim.shared_data import needs_shared_data

NO_DRY_HOUR, GALLON = 3, 4


@needs_shared_data
def test_a_recorded_leak_is_told_and_no_other() -> None:
    # From 25 March 2016, 20:00, to 27 March, 3:00, no hour was without flow, and none had less
    # than a gallon.
    path = HOMES / "0860fc3b.csv"
    start_s = replayed_s("2016-03-24 00:13:43", own_minute_s(path))
    end_s = start_s + 5 * DAY_S
    found = told(lived(path, start_s, 5 * 24, "cpython"))
    for rule in (NO_DRY_HOUR, GALLON):
        wanted = [each for each in expected(path, rule) if start_s < each.from_s < end_s]
        assert len(wanted) == len(found[rule]) == 1
        assert agree(wanted[0], found[rule][0]), (wanted, found)
