"""A dial that shows something at installation: the register begins there, whatever has come by
then, and no consumption is made of it.
"""

import pytest

from host_sim.models.home import HOUR_US
from host_sim.models.taps import Taps
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, event_types, ledger_of
from tests.sim.visitor import Visitor, wait

MINUTE_US = HOUR_US // 60
LEAKS = "day burst=50"


def lived(vm: str, minutes: list[int], *lines: object, faults: tuple[Fault, ...] = ()) -> Visitor:
    """A collector of water; a technician comes half an hour after its start."""
    settings = {"meter.profile": "none", "meter.poll_s": 900, "water.leak": LEAKS}
    home = Taps([minute * MINUTE_US for minute in minutes])
    scenario = Scenario(home, 1, 50, settings=settings, faults=faults)
    visitor = Visitor(Simulation(scenario, vm), 1800, *lines)
    visitor.simulation.run()
    return visitor


def test_the_register_begins_at_the_dial(vm: str) -> None:
    # Five litres before the technician comes, and three more until the end. A mistake is mended.
    # A cut right after it, and another night: the dial is what is booked.
    minutes = [10, 12, 14, 16, 18, 100, 1500, 2000]
    cut = Fault(35 * MINUTE_US, "power", MINUTE_US)
    lines = ("set water.opening 4321", "set water.opening 54321", "read")
    visitor = lived(vm, minutes, *lines, faults=(cut,))
    assert "water 54321\r\n" in visitor.answers("read")[0]
    books = ledger_of(visitor.simulation).books(COLLECTOR)
    water = books.channels["water"]
    assert (water.first_open, water.last_close, water.consumption) == (54316, 54324, 8)
    assert books.closed
    assert "leak_began" not in event_types(visitor.simulation)
    assert "task_failed" not in event_types(visitor.simulation)


@pytest.mark.long_on_micropython
def test_hours_without_a_pulse_are_no_history(vm: str) -> None:
    # Powered on the day before: the register steps in the open hour, and the step is told.
    visitor = lived(vm, [1700], wait(26 * 3600), "set water.opening 700")
    assert visitor.answers("set water.opening 700")[0].endswith("done\r\n")
    books = ledger_of(visitor.simulation).books(COLLECTOR)
    water = books.channels["water"]
    assert (water.first_open, water.last_close, water.consumption) == (0, 701, 1)
    assert (water.steps, water.residual, water.breaks) == (700, 0, [])
    assert not any(day.residual for day in water.days) and len(water.days) == 1
    assert books.closed
    assert "leak_began" not in event_types(visitor.simulation)


@pytest.mark.long_on_micropython
def test_what_is_booked_stays(vm: str) -> None:
    lines = (wait(7200), "set water.opening 700", "set water.opening -1")
    visitor = lived(vm, [10], *lines)
    assert "consumption is booked already" in visitor.answers("set water.opening 700")[0]
    assert "must be an integer" in visitor.answers("set water.opening -1")[0]
    books = ledger_of(visitor.simulation).books(COLLECTOR)
    assert books.channels["water"].last_close == 1
    assert books.closed


@pytest.mark.long_on_micropython
def test_a_dial_that_shows_less_than_came(vm: str) -> None:
    visitor = lived(vm, [10, 11], "set water.opening 1")
    assert "2 came since the start" in visitor.answers("set water.opening 1")[0]
    assert ledger_of(visitor.simulation).books(COLLECTOR).closed


@pytest.mark.long_on_micropython
def test_where_another_setting_is_wrong_the_register_stays(vm: str) -> None:
    line = "set water.opening 700 meter.poll_s 5000"
    visitor = lived(vm, [10], line, "read")
    assert "meter.poll_s: 5000 is wrong" in visitor.answers(line)[0]
    assert "water 1\r\n" in visitor.answers("read")[0]
    assert "register_opened" not in event_types(visitor.simulation)
