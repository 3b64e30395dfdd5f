"""Leaks found by the firmware in a home of nothing but given pulses: told once, ended once, over
power cuts, holes and wrong wires; and what a person orders.
"""

import json
from typing import Any

import pytest

from host_sim.models.home import HOUR_US
from host_sim.models.taps import START_S, Taps
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, ledger_of

pytestmark = pytest.mark.long_twin

MINUTE_US = HOUR_US // 60
COMMAND = f"ami/{COLLECTOR}/command"
CONTINUOUS, INTERMITTENT, HOURS, LEAST, RATE, BURST, STOPPED, AWAY = range(1, 9)


def steady(from_min: int, to_min: int, every_min: int) -> list[int]:
    """A litre every so many minutes."""
    return [minute * MINUTE_US for minute in range(from_min, to_min, every_min)]


def lived(vm: str, times_us: list[int], hours: int, *faults: Fault, rules: str) -> Simulation:
    """A collector that has no meter but the water's."""
    settings = {"meter.profile": "none", "meter.poll_s": 900, "water.leak": rules}
    scenario = Scenario(Taps(times_us), 1, hours, settings=settings, faults=faults)
    simulation = Simulation(scenario, vm)
    simulation.run()
    return simulation


def told(simulation: Simulation) -> list[tuple[str, int, float, dict[str, Any]]]:
    """(word, rule, minutes since the start, detail) of all that was told of leaks."""
    return [
        (event.type, event.detail["rule"], ((event.time_s or 0) - START_S) / 60, event.detail)
        for event in ledger_of(simulation).events(COLLECTOR)
        if event.type.startswith("leak_")
    ]


def times(simulation: Simulation) -> list[tuple[str, int, int]]:
    """(word, rule, whole minutes since the start)."""
    return [(word, rule, int(minute)) for word, rule, minute, _ in told(simulation)]


def status(simulation: Simulation) -> dict[str, Any]:
    """The last one."""
    return json.loads(simulation.trace.published("status")[-1].data)


def test_a_leak_begins_and_ends_over_a_cut_of_the_supply(vm: str) -> None:
    # A litre every twelve minutes from 3:00 on, for 28 hours. The supply fails at 2:20 of the next
    # day for a quarter of an hour, and again when all is told. Nothing is told twice, and nothing
    # is forgotten.
    cuts = (Fault(26 * HOUR_US + 20 * MINUTE_US, "power", 15 * MINUTE_US),)
    cuts += (Fault(29 * HOUR_US + 20 * MINUTE_US, "power", 5 * MINUTE_US),)
    simulation = lived(vm, steady(181, 31 * 60, 12), 33, *cuts, rules="day hour=3785")
    assert times(simulation) == [
        ("leak_began", INTERMITTENT, 180 + 50 * 15),
        ("leak_began", HOURS, 27 * 60),
        ("leak_began", LEAST, 27 * 60),
        ("leak_ended", HOURS, 32 * 60),
        ("leak_ended", LEAST, 32 * 60),
    ]
    began = told(simulation)[2][3]
    assert 115 <= began.pop("volume") <= 119  # 120, but for what came without power
    assert began == {"channel": 2, "rule": LEAST, "lasted_s": 86400, "rate": 5000, "paused": 0}
    assert ledger_of(simulation).books(COLLECTOR).closed


def test_a_burst_is_told_at_once_and_goes_ahead(vm: str) -> None:
    # 25 litres a minute from 1:07 on for half an hour; 300 are there twelve minutes later.
    burst = [67 * MINUTE_US + nth * MINUTE_US // 25 for nth in range(750)]
    simulation = lived(vm, burst, 4, rules="burst=300")
    (began, ended) = told(simulation)
    assert began[:2] == ("leak_began", BURST)
    assert 67 + 12 <= began[2] <= 67 + 12.7
    assert 300 <= began[3]["volume"] <= 315
    assert (ended[0], int(ended[2])) == ("leak_ended", 120)
    assert ended[3]["volume"] == 750


def test_what_was_not_counted_neither_raises_nor_ends() -> None:
    # Without power for three hours in a leak: one that was told goes on, one that was not begins
    # anew with the hour in which power is back: it has flow, whatever came before.
    flow = steady(1, 60 * 60, 10)
    gone = Fault(25 * HOUR_US + 10 * MINUTE_US, "power", 3 * HOUR_US)
    assert times(lived("cpython", flow, 32, gone, rules="day"))[-2:] == [
        ("leak_began", CONTINUOUS, 24 * 60),
        ("leak_began", HOURS, 24 * 60),
    ]
    gone = Fault(20 * HOUR_US + 10 * MINUTE_US, "power", 3 * HOUR_US)
    assert times(lived("cpython", flow, 49, gone, rules="day"))[1:] == [
        ("leak_began", CONTINUOUS, 47 * 60),
        ("leak_began", HOURS, 47 * 60),
    ]


def test_a_latched_alarm_ends_when_a_person_has_seen_to_it(vm: str) -> None:
    burst = [67 * MINUTE_US + nth * MINUTE_US // 25 for nth in range(400)]
    settings = {"meter.profile": "none", "water.leak": "burst=300 latch"}
    simulation = Simulation(Scenario(Taps(burst), 1, 5, settings=settings), vm)

    def order(number: int, **arguments: Any) -> None:
        text = json.dumps({"v": 1, "boot": 1, "id": number, "do": "leak", **arguments})
        simulation.broker.publish(COMMAND, text.encode())

    simulation.world.at(180 * MINUTE_US, lambda: order(1, channel="water"))
    simulation.world.at(190 * MINUTE_US, lambda: order(2, channel="gas"))
    simulation.run()
    assert times(simulation) == [("leak_began", BURST, 78), ("leak_ended", BURST, 180)]
    assert told(simulation)[1][3]["cleared"] == 1
    replies = [json.loads(entry.data) for entry in simulation.trace.published("reply")]
    assert replies[0]["detail"] == {"active": 0, "away": 0}
    assert replies[1]["refused"] == "channel: nobody looks for leaks in it"


@pytest.mark.parametrize("rules", ["day", "no rules"])
@pytest.mark.long_on_micropython
def test_an_alarm_ends_with_its_rule(vm: str, rules: str) -> None:
    burst = [67 * MINUTE_US + nth * MINUTE_US // 25 for nth in range(400)]
    settings = {"meter.profile": "none", "water.leak": "burst=300 latch", "gas.leak": ""}
    fault = Fault(190 * MINUTE_US, "power", 1_000_000)
    plan = Scenario(Taps(burst), 1, 5, settings=settings, faults=(fault,))
    simulation = Simulation(plan, vm)
    wanted = json.dumps("" if rules == "no rules" else rules).encode()
    for minute, text in (
        (180, b'{"v":1,"boot":1,"id":1,"do":"set","key":"water.leak","value":%s}' % wanted),
        (182, b'{"v":1,"boot":1,"id":2,"do":"reboot"}'),
    ):
        at_us = minute * MINUTE_US
        simulation.world.at(at_us, lambda text=text: simulation.broker.publish(COMMAND, text))
    simulation.run()
    assert [each[:2] for each in times(simulation)] == [("leak_began", 6), ("leak_ended", 6)]
    assert 180 <= times(simulation)[1][2] <= 183
    assert told(simulation)[1][3]["cleared"] == 1


@pytest.mark.long_on_micropython
def test_while_nobody_is_there_the_first_litre_is_told(vm: str) -> None:
    # Ordered at 2:00, and still in force after a reset at 3:00.
    settings = {"meter.profile": "none", "water.leak": "day"}
    flow = steady(30, 40, 1) + [5 * HOUR_US + 7 * MINUTE_US]
    fault = Fault(3 * HOUR_US, "panic", 0)
    simulation = Simulation(Scenario(Taps(flow), 1, 7, settings=settings, faults=(fault,)), vm)
    text = b'{"v":1,"boot":1,"id":1,"do":"leak","channel":"water","away":1}'
    simulation.world.at(120 * MINUTE_US, lambda: simulation.broker.publish(COMMAND, text))
    simulation.run()
    assert times(simulation) == [("leak_began", AWAY, 307), ("leak_ended", AWAY, 330)]


@pytest.mark.long_on_micropython
def test_the_state_survives_a_cut_anywhere(vm: str) -> None:
    # A cut in the minute in which the alarm is told, a second later each time: it is told once.
    flow = steady(0, 15 * 60, 10)
    at_us = 12 * HOUR_US + 30 * MINUTE_US
    for later_ms in (1000, 2500):
        cut = Fault(at_us + later_ms * 1000, "power", MINUTE_US)
        simulation = lived(vm, flow, 15, cut, rules="day")
        assert [each[:2] for each in times(simulation)] == [("leak_began", INTERMITTENT)], later_ms
