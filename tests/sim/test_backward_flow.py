"""A water meter that runs backward, through the whole firmware: its register never falls, the
backflow is told, and forward flow is booked again only when what ran back has come again.
"""

import pytest

from host_sim.models.home import SECOND_US
from host_sim.scenario import HOUR_US, Fault
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, collector_of, ledger_of, scenario
from tests.sim.edges import Edges, contact

BOARD = "esp32_c3_devkit"
REVERSE_PIN = 18
START_US = START_S * SECOND_US
HOURS = range(24)
BACK = 40


def forward(simulation: Simulation) -> list[int]:
    """What flows out of the house's taps, L per hour."""
    return [simulation.scenario.home.hourly("water", START_S + 3600 * hour) for hour in HOURS]


def registers(net: list[int]) -> list[int]:
    """At each hour's end, for a register that waits: the highest that the flow has come to."""
    reached = [sum(net[: hour + 1]) for hour in HOURS]
    return [max(0, *reached[: hour + 1]) for hour in HOURS]


def booked(simulation: Simulation) -> list[int]:
    """The register at the head-end at each hour's end; no interval is missing or falls."""
    series = ledger_of(simulation).interval_series(collector_of(simulation), "water")
    assert len(series) == len(HOURS)
    deltas = [delta for _, delta, _ in series if delta is not None]
    assert len(deltas) == len(HOURS)
    assert min(deltas) >= 0
    return [sum(deltas[: hour + 1]) for hour in HOURS]


def backflows(simulation: Simulation) -> list[tuple[int, int]]:
    """(channel, pulses backward) of the events."""
    return [
        (event.detail["channel"], event.detail["pulses"])
        for event in ledger_of(simulation).events(collector_of(simulation))
        if event.type == "backflow"
    ]


@pytest.mark.long
def test_a_second_contact_pulses_backward(vm: str) -> None:
    # Forty pulses back between two and three at night, when nobody draws water. A power cut at
    # half past three does not make the collector forget them.
    settings = {"water.reverse": "pulses"}
    faults = (Fault(7 * HOUR_US // 2, "power", 60 * SECOND_US),)
    simulation = Simulation(scenario(board=BOARD, settings=settings, faults=faults), vm)
    back = contact(START_US + 2 * HOUR_US, [2900, 100] * BACK)
    simulation.pins.wire(REVERSE_PIN, back)
    simulation.run()
    net = forward(simulation)
    assert net[2] == net[3] == net[4] == 0
    net[2] -= BACK
    assert booked(simulation) == registers(net)
    assert booked(simulation)[-1] == sum(net)
    # Told each time it has doubled, and in whole by the boot that finds it.
    *before, again = [pulses for _, pulses in backflows(simulation)]
    assert before
    assert {channel for channel, _ in backflows(simulation)} == {2}
    assert all(later >= 2 * sooner for sooner, later in zip(before, before[1:], strict=False))
    assert BACK // 2 < before[-1] <= BACK
    assert again == BACK


@pytest.mark.long_on_micropython
def test_a_direction_output_says_backward(vm: str) -> None:
    # All that pulses between five and six runs backward.
    settings = {"water.reverse": "direction"}
    simulation = Simulation(scenario(board=BOARD, settings=settings), vm)
    simulation.pins.wire(REVERSE_PIN, Edges([START_US + 5 * HOUR_US, START_US + 6 * HOUR_US]))
    simulation.run()
    net = forward(simulation)
    assert net[5] > 50
    net[5] = -net[5]
    assert booked(simulation) == registers(net)
    told = [pulses for _, pulses in backflows(simulation)]
    assert -net[5] // 2 < told[-1] <= -net[5]


@pytest.mark.long
def test_a_meter_that_runs_forward_only_tells_nothing(vm: str) -> None:
    # The reverse input is there, and quiet.
    simulation = Simulation(scenario(board=BOARD, settings={"water.reverse": "pulses"}), vm)
    simulation.run()
    assert booked(simulation) == registers(forward(simulation))
    assert backflows(simulation) == []
