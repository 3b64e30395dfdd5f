"""Registers by period where the heap has no room for them beside all else, and after boots that
ended badly: the collector meters without them, and says so.
"""

import pytest

from host_sim.models.house import House
from host_sim.process import MICROPYTHON
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited, collector_of, ledger_of
from tests.tools.rate_plans import schedules, seasonal
from tools.headend.almanac import Almanacs

SECOND_US = 1_000_000
REGISTERS = {"tariff.registers": True}
NO_ROOM = {"version": 0, "reason": 8}
EVERYTHING = {
    "meter.poll_s": 900,
    "interval_s": 900,
    "mains.sense": True,
    "site.program": "nem",
    "site.export_w": 5000,
}


def lived(vm: str, hours: int, *faults: Fault, **further) -> Simulation:
    """With an almanac of 1,400 bytes, the longest that there is."""
    tariff = Almanacs(schedules(seasonal()))
    house = House(1, START_S)
    simulation = Simulation(Scenario(house, 1, hours, faults=faults, tariff=tariff, **further), vm)
    simulation.run()
    return simulation


def words(simulation: Simulation, *wanted: str) -> list[tuple[str, dict]]:
    events = ledger_of(simulation).events(collector_of(simulation))
    return [(event.type, event.detail) for event in events if event.type in wanted]


@pytest.mark.skipif(not MICROPYTHON.exists(), reason="NOT TESTED: 32-bit MicroPython is not here")
@pytest.mark.parametrize(
    ("board", "code_in_flash", "further", "has_room"),
    [
        ("esp32_devkit", False, {}, True),
        ("esp32_devkit", False, EVERYTHING, False),
        ("esp32_devkit", True, {}, False),
        pytest.param("esp32_devkit", True, EVERYTHING, False, marks=pytest.mark.long),
        ("esp32_c3_devkit", False, EVERYTHING, True),
    ],
)
def test_power_cuts_on_every_board(
    board: str, code_in_flash: bool, further: dict, has_room: bool
) -> None:
    # Whether they are kept or not, also when an almanac is read back from the journal: no task
    # fails for want of heap, no boot ends, and every hour is delivered.
    settings = {"meter.poll_s": 900} | further | REGISTERS
    lasting_s = {2: 40, 4: 2000, 7: 1}
    cuts = [Fault(h * HOUR_US, "power", s * SECOND_US) for h, s in lasting_s.items()]
    simulation = lived(
        "micropython", 12, *cuts, settings=settings, board=board, code_in_flash=code_in_flash
    )
    endings = [life.ending for life in simulation.collector.lives]
    assert endings == ["power lost"] * 3 + ["end of run"]
    assert not words(simulation, "task_failed")
    told = words(simulation, "tariff_set", "tariff_refused")
    if has_room:
        assert [word for word, _ in told] == ["tariff_set"]
    else:
        assert told == [("tariff_refused", NO_ROOM)] * 4
    assert (audited(simulation).lost, audited(simulation).doubled) == (0, 0)


@pytest.mark.long_on_micropython
def test_after_two_bad_boots_it_goes_without(vm: str) -> None:
    # Three resets, each within the minute in which a boot has to prove itself. When it has, the
    # next boot has them again, and the registers go on.
    resets = [Fault(s * SECOND_US, "panic", 0) for s in (7200, 7230, 7260, 14_400)]
    settings = {"meter.poll_s": 900} | REGISTERS
    simulation = lived(vm, 30, *resets, settings=settings, board="esp32_c3_devkit")
    told = words(simulation, "power_up", "tariff_set", "tariff_refused")
    boots = [place for place, (word, _) in enumerate(told) if word == "power_up"]
    refused = [place for place, (word, _) in enumerate(told) if word == "tariff_refused"]
    assert len(boots) == 5
    assert refused == [boots[3] + 1] and told[refused[0]][1] == NO_ROOM
    registers = words(simulation, "period_registers")
    assert registers
    for _, detail in registers:
        parts = sum(value for key, value in detail.items() if key[0] == "p")
        assert detail["register"] == detail["apart"] + parts
