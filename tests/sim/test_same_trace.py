"""Two interpreters, one firmware: the same scenario and seed leave the same trace, byte by byte
and microsecond by microsecond. Whatever one of them does differently would be a bug that only the
field would see.
"""

from typing import Any

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests import vm as vms
from tests.sim.bench import START_S

HOURS = 11
SCENARIOS = {
    "quiet": {},
    "access point away for five hours": {
        "faults": (Fault(3 * HOUR_US, "access_point", 5 * HOUR_US),)
    },
    "broker away, then power": {
        "faults": (
            Fault(2 * HOUR_US, "broker", 3 * HOUR_US),
            Fault(9 * HOUR_US + 1_234_567, "power", 90_000_000),
        )
    },
    "interrupts: bounce, a dip of mains, a cut wire": {
        "board": "esp32_c3_devkit",
        "settings": {"mains.sense": True, "water.reverse": "pulses"},
        "bounce_us": 5000,
        "faults": (
            Fault(5 * HOUR_US + 1_234_567, "mains", 200_000),
            Fault(6 * HOUR_US + 7_654_321, "wire_cut", 600_000_000),
        ),
    },
}


LONG = ("quiet", "broker away, then power")
RUNS = [
    pytest.param(seed, further, id=title, marks=pytest.mark.long if title in LONG else ())
    for seed, (title, further) in enumerate(SCENARIOS.items())
]


@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
@pytest.mark.parametrize(("seed", "further"), RUNS)
def test_same_trace_on_both(seed: int, further: dict[str, Any]) -> None:
    traces = []
    for vm in ("micropython", "cpython"):
        simulation = Simulation(Scenario(House(seed, START_S), seed, HOURS, **further), vm)
        simulation.run()
        traces.append(simulation.trace.without_heap())
    assert len(traces[0].entries) > 60
    assert traces[0].first_difference(traces[1]) is None
