"""A house with a roof full of panels, on a sunny day: what the collector says of its export, held
against the registers of the world.
"""

import json

import pytest

from host_sim.models.home import SECOND_US
from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, audited, ledger_of
from tools.headend.messages import Event

pytestmark = pytest.mark.long_twin

SUNNY_S = START_S + 90 * 86_400  # the sun rises before 04:00 UTC
POLL_S = 300
HOLD_S = 900
LATE_S = 120
LOOKED_WITHIN_S = 5
APPROVED_W = 2000  # exceeded from 08:35 to 11:25, when the oven goes on, and until 13:25
CUT = Fault(HOUR_US * 5 // 2, "power", 300 * SECOND_US)
HARMLESS = ("power_up", "clock_set", "day_closed")


def lived(vm: str, hour: int, hours: int, *faults: Fault, **site: int | str) -> Simulation:
    """From `hour` of the sunny day on."""
    settings = {"meter.poll_s": POLL_S} | {f"site.{key}": value for key, value in site.items()}
    house = House(1, SUNNY_S + hour * 3600)
    simulation = Simulation(Scenario(house, 1, hours, settings=settings, faults=faults), vm)
    simulation.run()
    return simulation


def exported_wh(simulation: Simulation, from_s: int, to_s: int) -> int:
    """By the register of the world."""
    before, after = (simulation.meter.export_wh(at_s * SECOND_US) for at_s in (from_s, to_s))
    assert before is not None and after is not None
    return after - before


def average_w(simulation: Simulation, from_s: int, to_s: int) -> int:
    return exported_wh(simulation, from_s, to_s) * 3600 // (to_s - from_s)


def told(simulation: Simulation) -> list[Event]:
    """The events of the export; there are no others that need somebody."""
    events = ledger_of(simulation).events(COLLECTOR)
    found = [event for event in events if event.type not in HARMLESS]
    assert all(event.type.startswith("export_") for event in found), found
    return found


def stretches(simulation: Simulation, after_s: int = 0) -> list[tuple[int, int]]:
    """When the world exported above the approved power for longer than is allowed, to a poll's
    time: (first, last second). A dip of less than two minutes' worth is none.
    """
    found: list[tuple[int, int]] = []
    start_s, short_ws = simulation.scenario.home.start_s, 0
    for at_s in range(start_s, start_s + simulation.scenario.hours * 3600, POLL_S):
        excess_w = average_w(simulation, at_s, at_s + POLL_S) - APPROVED_W
        if excess_w <= 0 or at_s < after_s:
            short_ws -= excess_w * POLL_S
            continue
        goes_on = found and short_ws <= APPROVED_W * LATE_S
        found.append((found.pop()[0] if goes_on else at_s, at_s + POLL_S))
        short_ws = 0
    return [(first_s, last_s) for first_s, last_s in found if last_s - first_s > HOLD_S]


def certain_s(simulation: Simulation, from_s: int, at_s: int, sign: int) -> int:
    """The first poll from `at_s` on by which more (sign 1) or less (-1) has come than approved, by
    what a meter that is late and its last watt-hour can explain.
    """
    doubt_ws = APPROVED_W * LATE_S + 3600
    while True:
        approved_ws = APPROVED_W * (at_s - from_s)
        if sign * (3600 * exported_wh(simulation, from_s, at_s) - approved_ws) > doubt_ws:
            return at_s
        at_s += POLL_S


def check_pair(simulation: Simulation, pair: list[Event], stretch: tuple[int, int]) -> None:
    """An excess, as told, and as it was."""
    above, within = pair
    first_s, last_s = stretch
    assert (above.type, within.type) == ("export_above", "export_within")
    assert above.time_s is not None and within.time_s is not None
    told_s = certain_s(simulation, first_s, first_s + HOLD_S + POLL_S, 1)
    assert 0 <= above.time_s - told_s < LOOKED_WITHIN_S
    assert above.detail["approved_w"] == APPROVED_W
    power_w = average_w(simulation, first_s, above.time_s // POLL_S * POLL_S)
    assert above.detail["power_w"] == pytest.approx(power_w, rel=0.02)
    told_s = certain_s(simulation, last_s, last_s + POLL_S, -1)
    assert 0 <= within.time_s - told_s < LOOKED_WITHIN_S
    assert within.detail["lasted_s"] == pytest.approx(last_s - first_s, abs=POLL_S)
    averages_w = [
        average_w(simulation, at_s, at_s + HOLD_S)
        for at_s in range(first_s, last_s - HOLD_S + 1, POLL_S)
    ]
    assert min(averages_w) < within.detail["peak_w"] <= 1.01 * max(averages_w)
    assert within.detail["peak_w"] > 0.97 * max(averages_w)


def programs(simulation: Simulation) -> set[str | None]:
    """What the status messages say of it."""
    births = [json.loads(entry.data) for entry in simulation.trace.published("status")]
    return {birth.get("program") for birth in births if birth["state"] == "online"}


def test_an_excess_is_told_with_its_end(vm: str) -> None:
    simulation = lived(vm, 8, 7, program="nem", export_w=APPROVED_W)
    expected = stretches(simulation)
    found = told(simulation)
    assert len(expected) == 2 and len(found) == 4
    for place, stretch in enumerate(expected):
        check_pair(simulation, found[2 * place : 2 * place + 2], stretch)
    assert programs(simulation) == {"nem"}
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.long_on_micropython
def test_a_boot_in_the_middle_of_an_excess_begins_anew(vm: str) -> None:
    # Half past ten: what the boot before has told stays without an end; the excess that goes on is
    # told again, with what was seen of it since.
    simulation = lived(vm, 8, 4, CUT, program="successor", export_w=APPROVED_W)
    before, *pair = told(simulation)
    back_s = SUNNY_S + 8 * 3600 + (CUT.at_us + CUT.lasting_us) // SECOND_US
    assert before.type == "export_above" and (before.time_s or 0) < back_s
    (stretch,) = stretches(simulation, back_s)
    assert stretch[0] - back_s < 2 * POLL_S
    check_pair(simulation, pair, stretch)


@pytest.mark.long_on_micropython
def test_with_enough_approved_nothing_is_told(vm: str) -> None:
    # The highest five minutes of this day are 2520 W.
    simulation = lived(vm, 9, 3, CUT, program="nem", export_w=2520)
    assert told(simulation) == []


def test_a_site_without_a_program_is_told_of_at_once(vm: str) -> None:
    # Nothing before sunrise; then with the first watt-hours, and not again on that day. A boot
    # tells again, but only what came since.
    simulation = lived(vm, 3, 4, CUT, program="none")
    found = told(simulation)
    assert [event.type for event in found] == ["export_unapproved"] * 2
    start_s = simulation.scenario.home.start_s
    cut_s = start_s + CUT.at_us // SECOND_US
    from_s = start_s
    for event in found:
        assert event.time_s is not None
        read_s = event.time_s // POLL_S * POLL_S
        energy_wh = event.detail["energy_wh"]
        assert isinstance(energy_wh, int)
        assert 0 < energy_wh <= exported_wh(simulation, from_s, event.time_s)
        assert exported_wh(simulation, from_s, read_s - POLL_S) < 10
        from_s = cut_s + CUT.lasting_us // SECOND_US
    assert exported_wh(simulation, start_s, cut_s) > 10
    assert programs(simulation) == {"none"}


def test_of_a_site_that_nobody_told_of_nothing_is_said(vm: str) -> None:
    simulation = lived(vm, 11, 1)
    assert exported_wh(simulation, SUNNY_S + 11 * 3600, SUNNY_S + 12 * 3600) > 1000
    assert told(simulation) == []
    assert programs(simulation) == {None}
