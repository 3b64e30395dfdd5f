"""What a reset leaves: the collector knows at once what time it is, and tells what kind of reset
it was, whatever the chip says. The access point is away, so that no time server can help; the
chip's own clock leaps at a reset, as that of the ESP32 does.
"""

from pathlib import Path
from typing import Any

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.drivers.chip import simulation
from tests.sim.bench import COLLECTOR, START_S, ledger_of
from tests.sim.test_clock import CLOCK_UNTRUSTED, PARTIAL, flagged

pytestmark = pytest.mark.long_twin

SECOND_US = 1_000_000
HOURS = 6
ENDS_US = 2 * HOUR_US + 7 * 60 * SECOND_US + 654_321
POWER_ON, HARD, WATCHDOG = 1, 2, 3


def lived(vm: str, *ends: Fault, damage: int | None = None) -> Simulation:
    """A life that ends as told after two hours, and another without a network. damage: which bit
    of the RTC memory falls over.
    """
    away = Fault(ENDS_US - SECOND_US, "access_point", HOURS * HOUR_US)
    scenario = Scenario(
        House(1, START_S),
        1,
        HOURS,
        settings={"meter.poll_s": 900},
        faults=(away, *ends),
        grace_us=4 * HOUR_US,
    )
    collector = Simulation(scenario, vm)
    if damage is not None:
        collector.world.at(ENDS_US - 1, lambda: flip(collector, damage))
    collector.run()
    return collector


def flip(collector: Simulation, bit: int) -> None:
    memory = bytearray(collector.chip.rtc_memory)
    memory[bit // 8] ^= 1 << bit % 8
    collector.chip.rtc_memory = bytes(memory)


def boot_events(collector: Simulation) -> list[tuple[str, int | None, dict[str, Any]]]:
    """(word, seconds since the start, detail) of what the second boot told."""
    told = [
        (event.type, event.time_s and event.time_s - START_S, event.detail)
        for event in ledger_of(collector).events(COLLECTOR)
        if event.type in ("power_up", "clock_set")
    ]
    return told[2:]


@pytest.mark.parametrize(("what", "cause"), [("panic", HARD), ("brownout", POWER_ON)])
@pytest.mark.long_on_micropython
def test_after_a_crash_the_time_goes_on(vm: str, what: str, cause: int) -> None:
    # The chip calls a brown-out a power-on; the memory knows better. The clock lost no more than
    # the time since the last stamp, and is trusted.
    collector = lived(vm, Fault(ENDS_US, what, 0))
    booted_s = ENDS_US // SECOND_US
    life = {"kept": 1, "asked": 0, "uptime_s": booted_s // 20 * 20, "before": 1}
    (word, at_s, detail), known = boot_events(collector)[:2]
    assert (word, detail) == ("power_up", {"cause": cause, "damaged": 0, **life})
    assert at_s is not None
    assert 0 <= booted_s - at_s <= 20
    assert (known[0], known[2]["source"]) == ("clock_set", 4)
    assert flagged(collector) == {0: PARTIAL, 2: PARTIAL}


def test_a_hanging_firmware_is_missed_for_three_minutes(vm: str) -> None:
    # It stamped last when it fed the watchdog last: the moment of the bite is known.
    collector = lived(vm, Fault(ENDS_US, "hang", 0))
    (_, at_s, detail), known = boot_events(collector)[:2]
    assert (detail["cause"], detail["kept"], detail["asked"]) == (WATCHDOG, 1, 0)
    assert at_s is not None
    assert 0 <= collector.collector.lives[1].began_us // SECOND_US - at_s <= 1
    assert known[2]["source"] == 4
    assert flagged(collector) == {0: PARTIAL, 2: PARTIAL}


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("damage", [None, 40, 200, 279])
def test_without_a_whole_record_nothing_is_known(vm: str, damage: int | None) -> None:
    # Power was out, for a second; or a bit of the record fell over: the time is known when a
    # server tells it, and the interval that took so long says so.
    what = "power" if damage is None else "panic"
    collector = lived(vm, Fault(ENDS_US, what, SECOND_US), damage=damage)
    (word, at_s, detail), known = boot_events(collector)[:2]
    assert (word, at_s) == ("power_up", None)
    assert (detail["kept"], len(detail)) == (0, 3)
    assert known[2]["source"] == 0
    unsure = PARTIAL | CLOCK_UNTRUSTED
    assert unsure in [quality & unsure for quality in flagged(collector).values()]


@pytest.mark.long_on_micropython
def test_trust_is_not_renewed_by_a_reset(vm: str) -> None:
    # Each crash leaves a doubt of some 26 s: after the second one the clock is not trusted.
    times = (ENDS_US, ENDS_US + HOUR_US)
    collector = lived(vm, *(Fault(at_us, "panic", 0) for at_us in times))
    untrusted = dict.fromkeys(range(4, 8), CLOCK_UNTRUSTED)
    assert flagged(collector) == {0: PARTIAL, 2: PARTIAL, 3: PARTIAL | CLOCK_UNTRUSTED} | untrusted


STAMPED = """
import machine
from clock import Clock
from lib import legacy
memory = machine.RTC().memory
before = memory()
clock = Clock("ntp.example", memory)
clock.boot = 3
clock.stamp()
left = legacy.read(before, machine.reset_cause(), memory())
print(machine.reset_cause(), left)
if left:
    raise SystemExit
clock.take(0, 1772409600000, 1000, 0, 1)
"""


def test_a_reboot_that_was_asked_for(vm: str, tmp_path: Path) -> None:
    # The chip hands its clock over in good order, and the firmware said what it was about to do.
    program = STAMPED + "clock.stamp(2)\nmachine.reset()\n"
    chip = simulation(vm, program, tmp_path, 10)
    chip.run()
    told = chip.collector.lives[1].console.strip()
    assert told == "2 (2, 3, 0, 1772409600000, 3000, 0)"


def test_a_watchdog_that_was_starved(vm: str, tmp_path: Path) -> None:
    # A task is silent for longer than it promised: the firmware lets the watchdog bite, and says
    # so.
    program = (
        STAMPED
        + """
import asyncio
from drivers.watchdog import Watchdog
from health import Health
health = Health(clock, Watchdog(), lambda: None)
health.expect("uplink", 300)
asyncio.run(health.run())
"""
    )
    chip = simulation(vm, program, tmp_path, 3600)
    chip.run()
    assert chip.collector.lives[0].ending == "reset 3"
    bitten_s = chip.collector.lives[0].ended_us // SECOND_US
    assert 300 + 160 <= bitten_s <= 300 + 200
    cause, left = chip.collector.lives[1].console.split(" ", 1)
    asked, boot, uptime_s, unix_ms, doubt_ms, _ = map(int, left.strip("()\n ").split(", "))
    assert (cause, asked, boot) == ("3", 1, 3)
    assert 0 <= bitten_s - uptime_s <= 20
    assert 0 <= 1_772_409_600 + bitten_s - unix_ms // 1000 <= doubt_ms // 1000
