"""A few lives on a network as bad as it can be; `make link` lives thousands. What must be true
stands in link_oracle.py.
"""

import pytest

from host_sim import passage
from host_sim.passage import DOWN, UP
from tests.sim import link_faults


@pytest.mark.long_where(seed=9)
@pytest.mark.long_on_micropython(seed=9)
@pytest.mark.parametrize("seed", [1, 9])
def test_everything_arrives_once_over_a_bad_network(vm: str, seed: int) -> None:
    link_faults.live(link_faults.scenario(seed), vm)


@pytest.mark.long_on_micropython(step=1)
@pytest.mark.long_on_micropython(step=23)
@pytest.mark.parametrize(("way", "step"), [(UP, 23), (DOWN, 1)])
def test_a_connection_that_is_reset_after_any_byte(vm: str, way: str, step: int) -> None:
    # The same exchange, ended a little later each time: whatever of it had been said, the next
    # connection must go on with what is owed, and nothing twice. Every byte: `make link`.
    if vm == "micropython":
        step *= 5
    figures = link_faults.live(link_faults.every_byte(way, passage.RESET, step), vm)
    assert figures["connections"] > (100 if way == DOWN else 900 // step)


def test_a_connection_that_falls_silent_after_any_byte() -> None:
    # Nobody hears that it has ended: each time it takes a minute and a half to find out.
    figures = link_faults.live(link_faults.every_byte(UP, passage.SILENCE, 167), "cpython")
    assert figures["connections"] > 1000 // 167
