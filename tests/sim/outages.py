"""Outages of mains at random, from one seed: from a flicker to half a day, with a capacitor or a
battery behind the collector. Judged by what the head-end was told of them, and by the pulses.

    python -m tests.sim.outages --outages 1000 --seed 1 --vm cpython
"""

import argparse
import random
import sys
from bisect import bisect_left
from typing import NamedTuple

from host_sim.audit import BOOT_US, CONTACT_US
from host_sim.models.taps import Taps
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of

SECOND_US = 1_000_000
HOLD_UPS_US = (50_000, 300_000, 3 * SECOND_US, 60 * SECOND_US)
REPORTED_US = 2 * SECOND_US  # a longer one must be told, by the second
SETTLED_US = 120 * SECOND_US  # the clock is known again, and the last outage told
SETTINGS = {"mains.sense": True, "meter.poll_s": 900, "checkpoint_pulses": 250}


class Told(NamedTuple):
    """An outage as the head-end knows it: UTC and seconds; -1 and 0 where it was not told."""

    lost_s: int
    back_s: int
    lasted_s: int
    restarts: int


def scenario(seed: int, outages: int, hold_up_us: int) -> Scenario:
    """So many outages, one after the other."""
    rng = random.Random(seed)
    faults, flow, at_us = [], [], 400 * SECOND_US
    for _ in range(outages):
        lasting_us = int(10 ** rng.uniform(-1.5, 4.3) * SECOND_US)
        faults.append(Fault(at_us, "mains", lasting_us))
        # Somebody has a tap open when it happens, and some minutes on.
        pulse_us = at_us - 100 * SECOND_US
        while pulse_us < at_us + min(lasting_us, 100 * SECOND_US) + 30 * SECOND_US:
            flow.append(pulse_us)
            pulse_us += int(rng.uniform(0.7, 5) * SECOND_US)
        at_us += lasting_us + SETTLED_US + int(rng.expovariate(1 / 900) * SECOND_US)
    hours = at_us // HOUR_US + 1
    return Scenario(
        Taps(flow), seed, hours, settings=SETTINGS, faults=tuple(faults), hold_up_us=hold_up_us
    )


def details(simulation: Simulation, name: str) -> list[int]:
    """What the head-end was told under that name of every end of an outage, in order."""
    return [
        event.detail[name]
        for event in ledger_of(simulation).events(collector_of(simulation))
        if event.type == "mains_back"
    ]


def told(simulation: Simulation) -> list[Told]:
    """Every end of an outage that the head-end was told of, in order."""
    columns = (details(simulation, name) for name in Told._fields)
    return [Told(*row) for row in zip(*columns, strict=True)]


def off_us(true_us: int, told_s: int) -> int:
    """By how much a second that was told, from its beginning to its end, misses a moment."""
    return max(told_s * SECOND_US - true_us, true_us - (told_s + 1) * SECOND_US, 0)


def judge(simulation: Simulation) -> str:
    """AssertionError tells what is wrong; else what it was like in one line."""
    faults, ends = simulation.scenario.faults, told(simulation)
    events = ledger_of(simulation).events(collector_of(simulation))
    began = sum(event.type == "mains_lost" for event in events)
    assert began == len(ends), f"{began} began, {len(ends)} ended"
    assert len(ends) == len(faults), f"{len(ends)} outages told of {len(faults)}"
    worst_us = 0
    for fault, end in zip(faults, ends, strict=True):
        if fault.lasting_us < REPORTED_US:
            continue
        lost_us = simulation.scenario.home.start_s * SECOND_US + fault.at_us
        back_us = lost_us + fault.lasting_us
        for true_us, told_s in ((lost_us, end.lost_s), (back_us, end.back_s)):
            worst_us = max(worst_us, off_us(true_us, told_s))
            assert off_us(true_us, told_s) <= SECOND_US, f"{fault} was told as {end}"
        assert (end.restarts > 0) == (fault.lasting_us > simulation.scenario.hold_up_us), end
    return (
        f"{len(ends)} outages, {len(simulation.collector.lives)} lives, "
        f"at most {worst_us / SECOND_US:.2f} s off, {_judge_pulses(simulation)}"
    )


def _judge_pulses(simulation: Simulation) -> str:
    """No pulse that came before the end of a capacitor of 50 ms or more is lost."""
    plan = simulation.scenario
    start_us = plan.home.start_s * SECOND_US
    pulses = plan.home.pulses("water", start_us, start_us + plan.hours * HOUR_US)
    missed = unsure = 0
    for fault in plan.faults:
        lost_us = start_us + fault.at_us
        dark_us, back_us = lost_us + plan.hold_up_us, lost_us + fault.lasting_us
        if back_us > dark_us:
            # what comes between the saving and the end of the capacitor is counted, not saved
            missed += _count(pulses, dark_us, back_us)
            unsure += _count(pulses, lost_us - CONTACT_US, dark_us)
            unsure += _count(pulses, back_us, back_us + BOOT_US)
    series = ledger_of(simulation).interval_series(collector_of(simulation), "water")
    booked = sum(delta or 0 for _, delta, _ in series)
    most = len(pulses) - missed
    assert most - unsure <= booked <= most, f"{booked} booked of {most} less at most {unsure}"
    return f"{booked} of {most} pulses (less at most {unsure})"


def _count(times_us: list[int], from_us: int, to_us: int) -> int:
    return bisect_left(times_us, to_us) - bisect_left(times_us, from_us)


def live(seed: int, outages: int, hold_up_us: int, vm: str) -> str:
    """Live through them and judge."""
    simulation = Simulation(scenario(seed, outages, hold_up_us), vm)
    simulation.run()
    return judge(simulation)


def main() -> int:
    """A quarter of the outages with each hold-up, the longest first."""
    parser = argparse.ArgumentParser(description="Lose mains at random.")
    parser.add_argument("--outages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(1 << 31) if options.seed is None else options.seed
    wrong = 0
    for hold_up_us in reversed(HOLD_UPS_US):
        head = f"seed {seed}, hold-up {hold_up_us // 1000} ms: "
        try:
            print(head + live(seed, options.outages // 4, hold_up_us, options.vm), flush=True)
        except AssertionError as error:
            wrong += 1
            print(head + f"WRONG: {error}", flush=True)
        seed += 1
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
