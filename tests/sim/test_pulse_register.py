"""From pulses to a register: what comes too fast is held, what is no whole unit is never lost."""

from bisect import bisect_right, insort

import pytest

from host_sim.models.home import HOUR_US, SECOND_US
from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, ledger_of

START_US = START_S * SECOND_US
OVERFLOW = 32
NOISE_PULSES = 600
NOISY_HOUR = 3


class NoisyLine(House):
    """A house where a motor beside the water meter's wire makes five pulses a second."""

    def __init__(self, seed: int, start_s: int) -> None:
        super().__init__(seed, start_s)
        from_us = START_US + NOISY_HOUR * HOUR_US + 1200 * SECOND_US
        self._noise = [from_us + nth * SECOND_US // 5 for nth in range(NOISE_PULSES)]

    def pulses(self, channel: str, from_us: int, to_us: int) -> list[int]:
        found = super().pulses(channel, from_us, to_us)
        if channel == "water":
            first, last = (bisect_right(self._noise, at_us) for at_us in (from_us, to_us))
            for at_us in self._noise[first:last]:
                insort(found, at_us)
        return found


@pytest.mark.long_on_micropython
def test_pulses_that_no_meter_can_give_are_held_and_told(vm: str) -> None:
    # 600 pulses in two minutes at a meter that gives 120 a minute: 240 may have been true; all
    # the others are told, none is booked, none is forgotten.
    home = NoisyLine(1, START_S)
    simulation = Simulation(Scenario(home, 1, 6), vm)
    simulation.run()
    ledger = ledger_of(simulation)
    told = [event for event in ledger.events(COLLECTOR) if event.type.startswith("pulses_")]
    assert [event.type for event in told] == ["pulses_held", "pulses_trusted"]
    held = told[1].detail["held"]
    came = len(home.pulses("water", START_US, START_US + 6 * HOUR_US))
    assert came > NOISE_PULSES
    series = ledger.interval_series(COLLECTOR, "water")
    booked = sum(delta or 0 for _, delta, _ in series)
    assert booked + held == came
    assert 240 <= booked - (came - NOISE_PULSES) <= 250
    assert [start_s for start_s, _, quality in series if quality & OVERFLOW] == [
        START_S + NOISY_HOUR * 3600
    ]


@pytest.mark.long
def test_thirds_of_a_litre_survive_every_boot(vm: str) -> None:
    # Three pulses are a litre. Ten times the collector goes down with a third or two in hand.
    faults = tuple(
        Fault(nth * 2 * HOUR_US + 1900 * SECOND_US, "mains", 20 * SECOND_US) for nth in range(10)
    )
    settings = {"mains.sense": True, "water.pulse_num": 1, "water.pulse_den": 3}
    home = House(1, START_S)
    simulation = Simulation(Scenario(home, 1, 24, settings=settings, faults=faults), vm)
    simulation.run()
    pulses = len(home.pulses("water", START_US, START_US + 24 * HOUR_US))
    for fault, life in zip(faults, simulation.collector.lives[1:], strict=True):
        off_us, on_us = START_US + fault.at_us, START_US + life.began_us
        pulses -= len(home.pulses("water", off_us, on_us))
    book = ledger_of(simulation).books(COLLECTOR).channels["water"]
    assert pulses > 100
    assert book.last_close == pulses // 3


@pytest.mark.long_on_micropython
def test_thirds_survive_a_death_just_after_the_hour(vm: str) -> None:
    # An interval tells whole litres only: what is in hand at its end must be in flash as well.
    home = House(1, START_S)
    quiet = [
        hour
        for hour in range(1, 24)
        if not home.pulses("water", START_US + hour * HOUR_US - SECOND_US, _after(hour, 40))
    ]
    faults = tuple(
        Fault(_after(hour, 20) - START_US, "power", 20 * SECOND_US) for hour in quiet[::2]
    )
    assert len(faults) > 5
    settings = {"water.pulse_num": 1, "water.pulse_den": 3}
    simulation = Simulation(Scenario(home, 1, 24, settings=settings, faults=faults), vm)
    simulation.run()
    pulses = len(home.pulses("water", START_US, START_US + 24 * HOUR_US))
    for fault, life in zip(faults, simulation.collector.lives[1:], strict=True):
        assert not home.pulses("water", START_US + fault.at_us, START_US + life.began_us)
    assert ledger_of(simulation).books(COLLECTOR).channels["water"].last_close == pulses // 3


def _after(hour: int, seconds: int) -> int:
    return START_US + hour * HOUR_US + seconds * SECOND_US
