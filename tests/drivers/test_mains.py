"""Mains sense on the simulated chip, on both interpreters."""

from pathlib import Path

from host_sim.scenario import Fault
from tests.drivers.chip import SECOND_US, printed, simulation, watching

SENSE = "from drivers.mains import Mains", "Mains(Pin(34, Pin.IN))"


def test_mains_goes_and_comes(vm: str, tmp_path: Path) -> None:
    # Told when it happens, to the millisecond; nothing is told while nothing happens.
    faults = (Fault(5 * SECOND_US, "mains", 250_000), Fault(60 * SECOND_US, "mains", 200_000))
    chip = simulation(vm, watching(*SENSE, 4), tmp_path, 100, faults=faults)
    chip.run()
    words = printed(chip)
    assert words[1::2] == ["True", "False", "True", "False", "True"]
    assert list(map(int, words[::2])) == [0, 5000, 5250, 60_000, 60_200]
    assert len(chip.collector.lives) == 1


def test_beyond_the_hold_up_the_collector_dies_and_boots_with_mains(
    vm: str, tmp_path: Path
) -> None:
    # 300 ms of capacitor: mains is gone for a second, the power for 700 ms of it.
    faults = (Fault(5 * SECOND_US, "mains", SECOND_US),)
    chip = simulation(vm, watching(*SENSE, 1), tmp_path, 10, faults=faults)
    chip.run()
    first, second = chip.collector.lives
    assert first.console.split() == ["0", "True", "5000", "False"]
    assert first.ending == "power lost"
    assert (second.began_us, second.ending) == (6 * SECOND_US, "end of run")
