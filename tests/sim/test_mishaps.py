"""The week of `make run`: what goes wrong in it is found, each by its own rule, and nothing else;
and the books close over it.
"""

from host_sim import mishaps
from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, ledger_of

HOUR_S = 3600


def test_all_that_goes_wrong_is_told_and_nothing_else() -> None:
    home = House(1, START_S, leaks=mishaps.leaks(START_S))
    settings = {"meter.poll_s": 900} | mishaps.SETTINGS  # the meter has no part in it
    plan = Scenario(home, 1, 134, settings=settings, faults=mishaps.faults())
    simulation = Simulation(plan, "cpython")
    simulation.run()
    events = ledger_of(simulation).events(COLLECTOR)
    after_s = {}
    for mishap in mishaps.WEEK:
        event = mishaps.found(mishap, START_S, events)
        assert event and event.time_s, mishap.title
        after_s[mishap] = event.time_s - START_S - mishap.begin_us // 1_000_000
    # a toilet runs for a day before it is more than use; a burst is 600 L, 24 minutes at 1 500 L/h
    assert 22 * HOUR_S <= after_s[mishaps.TOILET] <= 24 * HOUR_S
    assert -1 <= after_s[mishaps.OUTAGE] <= 1
    assert 20 * 60 <= after_s[mishaps.BURST] <= 25 * 60
    assert sum(event.type == "mains_back" for event in events) == 1
    began = [event.detail["rule"] for event in events if event.type == "leak_began"]
    assert began.count(6) == 1
    assert audited(simulation).closes, audited(simulation).remarks
