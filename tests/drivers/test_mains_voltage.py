"""Mains sense by a voltage on the simulated chip, on both interpreters."""

from pathlib import Path

from host_sim.models.mains import FULL_UV
from host_sim.scenario import Fault
from tests.drivers.chip import SECOND_US, printed, simulation, watching

LOST_MV = 1500
LOOK_MS = 10
SENSE = (
    "from drivers.mains_voltage import MainsVoltage",
    "MainsVoltage(ADC(Pin(34), atten=ADC.ATTN_11DB), 1500)",
)


def test_mains_goes_and_comes(vm: str, tmp_path: Path) -> None:
    # Seen within a look of when the voltage crosses the limit, in a slow fall and in a fast one.
    for fall_us in (1000, 200_000):
        faults = (Fault(5 * SECOND_US, "mains", 250_000), Fault(20 * SECOND_US, "mains", 200_000))
        chip = simulation(
            *(vm, watching(*SENSE, 4), tmp_path, 30), faults=faults, mains_fall_us=fall_us
        )
        chip.run()
        words = printed(chip)
        assert words[1::2] == ["True", "False", "True", "False", "True"]
        below_ms = fall_us * (FULL_UV - LOST_MV * 1000) // FULL_UV // 1000
        happened_ms = [0, 5000 + below_ms, 5250, 20_000 + below_ms, 20_200]
        for seen_ms, at_ms in zip(map(int, words[::2]), happened_ms, strict=True):
            assert 0 <= seen_ms - at_ms <= LOOK_MS + 1


def test_a_sag_that_the_regulator_lives_through_is_no_outage(vm: str, tmp_path: Path) -> None:
    # It falls for 30 ms of the 100 it would take: to 1540 mV.
    faults = tuple(Fault(nth * SECOND_US, "mains", 30_000) for nth in range(1, 9))
    chip = simulation(
        *(vm, watching(*SENSE, 1), tmp_path, 10), faults=faults, mains_fall_us=100_000
    )
    chip.run()
    assert printed(chip) == ["0", "True"]


def test_it_starts_without_mains(vm: str, tmp_path: Path) -> None:
    # On a battery: the outage is there at once, and the first change is its end.
    chip = simulation(
        *(vm, watching(*SENSE, 1), tmp_path, 5),
        faults=(Fault(0, "mains", 2 * SECOND_US),),
        hold_up_us=60 * SECOND_US,
        mains_fall_us=0,
    )
    chip.run()
    words = printed(chip)
    assert words[:2] == ["0", "False"]
    assert 2000 <= int(words[2]) <= 2000 + LOOK_MS + 1
    assert words[3] == "True"
