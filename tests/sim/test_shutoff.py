"""The valve in the water main: closed by a burst, checked, overridden by a person, and never
opened by anything else, over any loss of power.
"""

import json
from functools import cache
from typing import Any

import pytest

from host_sim.models.home import HOUR_US
from host_sim.models.taps import Taps
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, event_types, ledger_of

pytestmark = pytest.mark.long_twin

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
OPENS, CLOSES = 18, 19  # boards/esp32_devkit
TRAVEL_S = 15
BURST_US = 90 * MINUTE_US  # from here on a litre every two seconds
FLOW_US = 2 * SECOND_US
VALVE: dict[str, Any] = {"valve.wired": True, "water.leak": "burst=300"}


def lived(
    vm: str,
    *faults: Fault,
    until_us: int,
    commands: tuple[tuple[int, str], ...] = (),
    hours: int = 3,
    settings: dict[str, Any] | None = None,
) -> Simulation:
    """A home in which a pipe bursts, and flows until then; commands: (second, body)."""
    told = {"meter.profile": "none", "meter.poll_s": 900} | VALVE | (settings or {})
    home = Taps(list(range(BURST_US, until_us, FLOW_US)))
    simulation = Simulation(Scenario(home, 1, hours, settings=told, faults=faults), vm)
    topic = f"ami/{COLLECTOR}/command"
    for number, (second, body) in enumerate(commands, 1):
        text = b'{"v":1,"id":%d,%s}' % (number, body.encode())
        simulation.world.at(
            second * SECOND_US,
            lambda text=text: simulation.broker.publish(topic, text, client_id="head-end"),
        )
    simulation.run()
    return simulation


def moves(simulation: Simulation) -> list[tuple[int, int]]:
    """(whether to closed, by whom) of all moves that were told."""
    return [
        (event.detail["closed"], event.detail["by"])
        for event in ledger_of(simulation).events(COLLECTOR)
        if event.type == "valve_moved"
    ]


def checks(simulation: Simulation) -> list[int]:
    """Whether it flowed on, after each closing that was watched for ten minutes."""
    events = ledger_of(simulation).events(COLLECTOR)
    return [event.detail["flows"] for event in events if event.type == "valve_checked"]


def driven(simulation: Simulation, pin: int) -> list[tuple[int, int]]:
    """When the output was high, in microseconds."""
    changes = simulation.chip.outputs(pin)
    begins = [at_us for at_us, level in changes if level]
    ends = [at_us for at_us, level in changes if not level and begins and at_us > begins[0]]
    return list(zip(begins, ends, strict=False))


@cache
def closed_us() -> int:
    """When the valve has closed: until then the water flows."""
    (stretch,) = driven(lived("cpython", until_us=3 * HOUR_US), CLOSES)
    return stretch[1]


def test_a_burst_closes_it_and_it_is_seen_to_stop(vm: str) -> None:
    # 300 L at half a litre a second are ten minutes.
    simulation = lived(vm, until_us=closed_us())
    ((begin_us, end_us),) = driven(simulation, CLOSES)
    assert BURST_US + 10 * MINUTE_US <= begin_us <= BURST_US + 11 * MINUTE_US
    assert abs(end_us - begin_us - TRAVEL_S * SECOND_US) < 100_000
    assert driven(simulation, OPENS) == []
    assert (moves(simulation), checks(simulation)) == ([(1, 1)], [0])
    # The alarm ends when nothing has flowed for a while: the valve stays closed.
    assert "leak_ended" in event_types(simulation)


def test_where_it_flows_on_that_is_told(vm: str) -> None:
    simulation = lived(vm, until_us=3 * HOUR_US)
    assert (moves(simulation), checks(simulation)) == ([(1, 1)], [1])
    assert len(driven(simulation, CLOSES)) == 1  # nobody fights with a valve that is stuck


def test_what_a_person_opens_stays_open_until_the_alarm_is_over(vm: str) -> None:
    # He wants water, though it still runs; over a boot, too. When the alarm is over it may close
    # again: at the next burst.
    opened_s = BURST_US // SECOND_US + 20 * 60
    simulation = lived(
        vm,
        Fault(BURST_US + 25 * MINUTE_US, "power", 20 * SECOND_US),
        until_us=3 * HOUR_US,
        commands=((opened_s, '"boot":1,"do":"valve","closed":0'),),
    )
    assert moves(simulation) == [(1, 1), (0, 2)]
    (reply,) = [json.loads(entry.data) for entry in simulation.trace.published("reply")]
    assert reply["detail"] == {"closed": 0}
    assert checks(simulation) == []  # he came before the ten minutes were over
    assert len(simulation.collector.lives) == 2


@pytest.mark.parametrize("late_s", [1, 7, 14])
def test_a_loss_of_power_while_it_travels(late_s: int) -> None:
    # It stands wherever it stood. The boot knows the alarm, and closes it.
    begin_us = closed_us() - TRAVEL_S * SECOND_US
    cut = Fault(begin_us + late_s * SECOND_US, "power", 30 * SECOND_US)
    simulation = lived("cpython", cut, until_us=closed_us() + 2 * MINUTE_US)
    assert moves(simulation) == [(1, 1)]
    assert driven(simulation, CLOSES)[-1][1] > cut.at_us + 30 * SECOND_US


def test_it_closes_for_nobody_but_a_person_where_it_is_said_so(vm: str) -> None:
    simulation = lived(
        vm,
        until_us=2 * HOUR_US,
        commands=((BURST_US // SECOND_US + 1500, '"boot":1,"do":"valve","closed":1'),),
        settings={"valve.close_on": "none"},
    )
    assert moves(simulation) == [(1, 2)]


def test_without_a_valve_the_command_is_refused(vm: str) -> None:
    simulation = lived(
        vm,
        until_us=BURST_US,
        commands=((3600, '"boot":1,"do":"valve","closed":1'),),
        hours=2,
        settings={"valve.wired": False},
    )
    refused = json.loads(simulation.trace.published("reply")[-1].data)["refused"]
    assert refused == "valve: none is wired"
