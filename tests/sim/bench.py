"""What the scenario tests share: a date, a collector, and a run with its audit."""

from host_sim.audit import Audit, audit
from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation

START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
COLLECTOR = "pk-246f28a1b2c3"


def scenario(days: int = 1, seed: int = 1, faults: tuple[Fault, ...] = (), **settings: object) -> Scenario:
    """A built-in house for some days."""
    return Scenario(House(seed, START_S), seed, 24 * days, settings=settings, faults=faults)


def run(vm: str, days: int = 1, seed: int = 1, faults: tuple[Fault, ...] = (), **settings: object) -> Simulation:
    """Live through a scenario in discrete time."""
    simulation = Simulation(scenario(days, seed, faults, **settings), vm)
    simulation.run()
    return simulation


def audited(simulation: Simulation) -> Audit:
    """The books of the run against the world."""
    assert simulation.ledger is not None
    return audit(simulation, simulation.ledger, COLLECTOR)


def event_types(simulation: Simulation) -> list[str]:
    """The words of all events at the head-end, in order."""
    assert simulation.ledger is not None
    return [event.type for event in simulation.ledger.events(COLLECTOR)]
