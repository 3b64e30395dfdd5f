"""Reed contacts that bounce for milliseconds, far longer than the chip's filter reaches: with a
minimum for each edge in the configuration they are counted exactly, on either board.
"""

import json

import pytest

from host_sim.simulation import Simulation
from tests.sim.bench import audited, run

MILLISECONDS = {
    "water.min_closed_ms": 20,
    "water.min_open_ms": 35,
    "gas.min_closed_ms": 25,
    "gas.min_open_ms": 15,
}


def bounces(simulation: Simulation) -> list[tuple[int, int]]:
    """Water's and gas's bounces, in each status message."""
    states = [json.loads(entry.data) for entry in simulation.trace.published("status")]
    return [
        (state["water_bounces"], state["gas_bounces"])
        for state in states
        if state["state"] == "online"
    ]


@pytest.mark.long_where(board="esp32_c3_devkit")
@pytest.mark.long_on_micropython
@pytest.mark.parametrize("board", ["esp32_devkit", "esp32_c3_devkit"])
def test_a_day_of_bouncing_reeds(vm: str, board: str) -> None:
    simulation = run(vm, board=board, bounce_us=9000, settings=MILLISECONDS)
    result = audited(simulation)
    assert result.closes, result.remarks
    told = bounces(simulation)
    assert told == sorted(told)
    assert min(told[-1]) > 100


@pytest.mark.long_on_micropython
def test_without_it_the_counter_counts_the_bounces(vm: str) -> None:
    # Why there is a minimum at all: the 12.8 us of the ESP32's filter let them pass.
    simulation = run(vm, bounce_us=9000)
    result = audited(simulation)
    assert result.residual > 100
    assert bounces(simulation)[-1] == (0, 0)
