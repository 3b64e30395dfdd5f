"""The promise of `checkpoint_pulses`, over two days of cuts at random moments (one on
MicroPython, where it takes longer): a sudden death never loses more pulses of a channel than that;
and with a moment's warning none at all.
"""

import random

import pytest

from host_sim.models.home import HOUR_US, PULSE_WEIGHT, SECOND_US
from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S, ledger_of

HOURS = {"cpython": 48, "micropython": 24}
CUT_EVERY_HOURS = 3
BOUND = 40
SEED = 1
OFF_US = 20 * SECOND_US
START_US = START_S * SECOND_US
# A pulse while the collector boots is counted or not, as it comes.
BOOT_US = SECOND_US // 2


class GushingHouse(House):
    """A house where water and gas run at their meters' highest rate, two pulses a second, in two
    of every twenty minutes: the most that a cut can lose. Never at the turn of an hour.
    """

    def pulses(self, channel: str, from_us: int, to_us: int) -> list[int]:
        step_us = SECOND_US // 2
        times = range((from_us // step_us + 1) * step_us, to_us + 1, step_us)
        return [at_us for at_us in times if 300 <= at_us // SECOND_US % 1200 < 420]


def cuts(seed: int, what: str, hours: int) -> tuple[Fault, ...]:
    """One in every three hours, at any microsecond of an hour but its first and last minutes."""
    rng = random.Random(seed)
    found = []
    for first in range(0, hours, CUT_EVERY_HOURS):
        hour = first + rng.randrange(1, CUT_EVERY_HOURS)
        inside_us = rng.randrange(240 * SECOND_US, 3300 * SECOND_US)
        found.append(Fault(hour * HOUR_US + inside_us, what, OFF_US))
    return tuple(found)


def losses(simulation: Simulation, channel: str) -> list[tuple[int, int]]:
    """For each cut the (least, most) pulses that were counted before it and are not booked."""
    home, weight = simulation.scenario.home, PULSE_WEIGHT[channel]
    series = ledger_of(simulation).interval_series(COLLECTOR, channel)
    booked = {start_s: delta for start_s, delta, _ in series}
    begun_us = [START_US + life.began_us for life in simulation.collector.lives[1:]]
    found = []
    for fault, on_us in zip(simulation.scenario.faults, begun_us, strict=True):
        cut_us = START_US + fault.at_us
        hour_us = cut_us // HOUR_US * HOUR_US
        delta = booked[hour_us // SECOND_US]
        assert delta is not None
        before = len(home.pulses(channel, hour_us, cut_us))
        after = [
            len(home.pulses(channel, on_us + late, hour_us + HOUR_US)) for late in (BOOT_US, 0)
        ]
        found.append((before + after[0] - delta // weight, before + after[1] - delta // weight))
    return found


def lived(vm: str, what: str, **settings: int | bool) -> Simulation:
    settings |= {"meter.poll_s": 3600}
    hours = HOURS[vm]
    home = GushingHouse(SEED, START_S)
    faults = cuts(SEED, what, hours)
    scenario = Scenario(home, SEED, hours, settings=settings, faults=faults, bounce_us=0)
    simulation = Simulation(scenario, vm)
    simulation.run()
    assert len(simulation.collector.lives) == len(faults) + 1
    return simulation


@pytest.mark.long_on_micropython
def test_a_sudden_death_loses_no_more_than_promised(vm: str) -> None:
    simulation = lived(vm, "power", checkpoint_pulses=BOUND)
    for channel in PULSE_WEIGHT:
        lost = losses(simulation, channel)
        assert max(least for least, _ in lost) <= BOUND
        assert min(most for _, most in lost) >= 0  # nothing is counted twice
        assert max(most for _, most in lost) > BOUND // 2  # the cuts do hurt


@pytest.mark.long_on_micropython
def test_with_warning_nothing_is_lost(vm: str) -> None:
    simulation = lived(vm, "mains", **{"mains.sense": True})
    for channel in PULSE_WEIGHT:
        for least, most in losses(simulation, channel):
            assert least <= 0 <= most
