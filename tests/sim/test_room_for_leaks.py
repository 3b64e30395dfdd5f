"""Rules for leaks where the heap has no room for them beside all else: they are given up, and
nothing else is lost with them.
"""

import json

import pytest

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited, event_types
from tests.vm import NO_MICROPYTHON, have_micropython

HOURS = 3


@pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)
@pytest.mark.parametrize("heap_less_bytes", [0, 2048, 3072])
def test_all_else_goes_on(monkeypatch: pytest.MonkeyPatch, heap_less_bytes: int) -> None:
    # Home Assistant, live data and the sense of mains leave a stock image little, and with 3 KB
    # less Home Assistant may have no room itself. Judging a quarter-hour once failed for want of
    # room, kept what it had loaded, and tried again with every look at the counters: the uplink
    # found no room to ask for the broker's address.
    settings = {"mains.sense": True, "mqtt.live_s": 60, "homeassistant": True}
    scenario = Scenario(House(1, START_S), 1, HOURS, settings={"meter.poll_s": 900} | settings)
    heap_bytes = scenario.heap_bytes - heap_less_bytes
    monkeypatch.setattr(Scenario, "heap_bytes", property(lambda _: heap_bytes))
    simulation = Simulation(scenario, "micropython")
    simulation.run()
    (life,) = simulation.collector.lives
    assert life.ending == "end of run"
    given_up = [f"{what}: no room in the heap" for what in ("leaks", "homeassistant")]
    assert set(life.console.splitlines()) <= set(given_up), life.console
    assert "task_failed" not in event_types(simulation)
    assert audited(simulation).closes, audited(simulation).remarks
    assert audited(simulation).kept == 4 * HOURS
    live = [json.loads(entry.data) for entry in simulation.trace.published("readings")]
    assert len(live) >= 4 * HOURS  # with every reading of the meter
