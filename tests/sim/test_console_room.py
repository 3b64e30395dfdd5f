"""A stock image has its code in the heap: what a technician says finds room beside it all the
same, in full operation and again and again.
"""

from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited, event_types
from tests.sim.visitor import Visitor, wait
from tests.vm import FIRMWARE, NO_MICROPYTHON, have_micropython

HOURS = 3
ROUNDS = 3  # each word leaves its names in the heap for good
PATIENCE_US = 200_000_000  # an examination polls the meter ten times
WORDS = """
show
identify 1
events
commission
status
selftest
meter
read
pulses
journal
site
time
scan 1 3
help
wifi
outages
file
show is 0123456789abcdef
set meter.poll_s 301
""".strip().split("\n")


@pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)
@pytest.mark.parametrize(
    "further",
    [
        {},
        {"homeassistant": True},
        {"mqtt.live_s": 60},
        {"mains.sense": True, "site.voltage_v": 230},
    ],
    ids=["as delivered", "Home Assistant", "live", "mains"],
)
def test_no_word_is_refused_for_want_of_room(tmp_path: Path, further: dict) -> None:
    # With a profile of the site's own, as most meters have one. Reading the configuration back
    # wanted 5 KB for the journal that it is kept in, and was refused from the second time on.
    (tmp_path / "wall-7.txt").write_bytes((FIRMWARE / "profiles" / "sdm630.txt").read_bytes())
    settings = {"meter.poll_s": 300, "meter.profile": "wall-7"} | further
    scenario = Scenario(House(1, START_S), 1, HOURS, settings=settings, site=tmp_path)
    simulation = Simulation(scenario, "micropython")
    lines = [step for _ in range(ROUNDS) for word in WORDS for step in (word, wait(5))]
    visitor = Visitor(simulation, 1900, *lines)
    visitor.patience_us = PATIENCE_US
    simulation.run()
    assert len(visitor.said) == ROUNDS * len(WORDS)
    assert not [said for said in visitor.said if "no room" in said[1]]
    assert all("verdict" in answer for answer in visitor.answers("commission"))
    assert "task_failed" not in event_types(simulation)
    assert audited(simulation).closes, audited(simulation).remarks
