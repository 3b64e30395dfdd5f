"""What the scenario tests share: a date, a collector, and a run with its audit."""

from typing import Any

from host_sim.audit import Audit, audit
from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tools.headend.ledger import Ledger

START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
COLLECTOR = "pk-246f28a1b2c3"


def scenario(days: int = 1, seed: int = 1, **further: Any) -> Scenario:
    """A built-in house for some days; its meter is read every five minutes, unless told."""
    settings = {"meter.poll_s": 300} | further.pop("settings", {})
    return Scenario(House(seed, START_S), seed, 24 * days, settings=settings, **further)


def run(vm: str, days: int = 1, seed: int = 1, **further: Any) -> Simulation:
    """Live through a scenario in discrete time."""
    simulation = Simulation(scenario(days, seed, **further), vm)
    simulation.run()
    return simulation


def ledger_of(simulation: Simulation) -> Ledger:
    """The head-end inside the world."""
    assert simulation.ledger is not None
    return simulation.ledger


def collector_of(simulation: Simulation) -> str:
    """The name that the head-end knows it by."""
    return f"pk-{simulation.chip.unique_id.hex()}"


def audited(simulation: Simulation) -> Audit:
    """The books of the run against the world."""
    return audit(simulation, ledger_of(simulation), collector_of(simulation))


def event_types(simulation: Simulation) -> list[str]:
    """The words of all events at the head-end, in order, but for the check of every day."""
    events = ledger_of(simulation).events(collector_of(simulation))
    return [event.type for event in events if event.type != "day_closed"]
