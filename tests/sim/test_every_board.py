"""Every board meters: its meter is read, its contacts are counted, and it says what it is."""

import json

import pytest

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from host_sim.wiring import WIRINGS
from tests.sim.bench import START_S, audited

HOURS = 2


@pytest.mark.long_on_micropython(board="esp32_devkit")
@pytest.mark.long_on_micropython(board="esp32_c3_devkit")
@pytest.mark.parametrize("board", WIRINGS)
def test_the_books_close(vm: str, board: str) -> None:
    plan = Scenario(House(1, START_S), 1, HOURS, settings={"meter.poll_s": 900}, board=board)
    simulation = Simulation(plan, vm)
    simulation.run()
    assert audited(simulation).closes, audited(simulation).remarks
    assert audited(simulation).kept == 4 * HOURS
    told = [json.loads(entry.data) for entry in simulation.trace.published("status")]
    assert {status["board"] for status in told if "board" in status} == {board}
