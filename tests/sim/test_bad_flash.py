"""Flash that is no journal: a clear word in the status, a collector that counts on; no hang and no
reboot loop.
"""

import json
from dataclasses import replace

import pytest

from host_sim.scenario import HOUR_US
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, event_types, ledger_of, scenario

SECTOR_BYTES = 4096


def statuses(simulation: Simulation) -> list[dict]:
    """Every status message the broker saw, wills included."""
    return [json.loads(entry.data) for entry in simulation.trace.published("status")]


@pytest.mark.long_on_micropython
def test_a_partition_that_is_too_small(vm: str) -> None:
    # Two sectors are no ring. The collector lives, polls its meter and tells what is wrong.
    few_hours = replace(scenario(partitions={"journal": 2 * SECTOR_BYTES}), hours=6)
    simulation = Simulation(few_hours, vm)
    simulation.run()
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    assert "needs at least" in statuses(simulation)[0]["trouble"]
    assert simulation.bus.frames > 140


@pytest.mark.long_on_micropython
def test_a_partition_that_holds_something_else(vm: str) -> None:
    # Somebody else's data is never formatted silently.
    simulation = Simulation(replace(scenario(), hours=6), vm)
    foreign = bytes(range(256)) * (simulation.flash.chip("journal").size // 256)
    simulation.flash.chip("journal").store(foreign)
    simulation.run()
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    assert "format" in statuses(simulation)[0]["trouble"]
    assert bytes(simulation.flash.chip("journal").data) == foreign


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("how", ["program", "erase"])
def test_a_device_that_fails_for_some_hours(vm: str, how: str) -> None:
    # Every sector refuses from the third hour to the sixth, then works again (a brown supply): no
    # reboot, the sum is right, and the interval that spans the gap says that it does.
    simulation = Simulation(scenario(), vm)
    chip = simulation.flash.chip("journal")
    sectors = range(chip.size // SECTOR_BYTES)
    simulation.world.at(3 * HOUR_US + 1, lambda: chip.broken.update(dict.fromkeys(sectors, how)))
    simulation.world.at(6 * HOUR_US + 1, chip.broken.clear)
    simulation.run()
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    books = ledger_of(simulation).books(COLLECTOR)
    assert books.residual == books.doubled == books.conflicts == 0
    assert not any(channel.breaks for channel in books.channels.values())
    if how == "program":
        assert "journal_recovered" in event_types(simulation)
