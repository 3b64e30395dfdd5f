"""Short lives of a collector whose way to the head-end is as bad as a network can be, each from
one seed: connections that stall, are reset, closed or go silent after any byte, either way; a
supply that is cut after any byte; a broker that restarts, with what it had or without; a head-end
that is away, or gets messages twice; name servers that do not answer; an access point that goes.
Judged by one question: is everything that is owed there, exactly once?

    python -m tests.sim.link_faults --runs 2000 --seed 1 --vm cpython
    python -m tests.sim.link_faults --every-byte --vm cpython
"""

import argparse
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import product, repeat

from host_sim import passage
from host_sim.models.house import House
from host_sim.passage import DOWN, UP, Mishap, Passage, Passages
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim import link_oracle
from tests.sim.bench import START_S

SECOND_US = 1_000_000
BAD_US = 3 * HOUR_US // 2  # of network
HOURS = 3  # the second half of them without faults
# what the collector has gathered before there is a network: mostly little, now and then more than
# a socket's send buffer holds
OFFLINE_HOURS = (*[0] * 12, *range(1, 13), 60)
# what happens after a byte, as often as it stands here; and for how long at the most
AFTER_A_BYTE = (
    *[(passage.RESET, 0)] * 4,
    *[(passage.STALL, 400)] * 3,
    *[(passage.SILENCE, 0)] * 2,
    *[(passage.CLOSE, 0)] * 2,
    *[(passage.POWER, 300)] * 2,
    ("broker", 300),
    ("amnesia", 300),
    ("head_end", 1000),
    ("access_point", 400),
)
AT_A_TIME = ("power", "broker", "amnesia", "head_end", "access_point", "names")


def scenario(seed: int) -> Scenario:
    """What happens in the run of `seed`."""
    rng = random.Random(seed)
    offline_us = rng.choice(OFFLINE_HOURS) * HOUR_US
    is_final = rng.random() < 0.1  # the broker's word counts, so it must forget nothing
    settings = {
        "interval_s": 900,
        "meter.poll_s": 900,
        "checkpoint_s": rng.choice((10, 60, 900)),
        "mqtt.keepalive_s": rng.choice((10, 60, 300)),
        "mqtt.message_bytes": rng.choice((600, 1400)),
        "mqtt.acknowledge": "broker" if is_final else "head-end",
    }
    return Scenario(
        House(seed, START_S),
        seed,
        HOURS + offline_us // HOUR_US,
        settings=settings,
        faults=_faults(rng, offline_us, is_final),
        passages=_passages(seed, offline_us + BAD_US, is_final),
        repeats=rng.choice((0, 2, 7)),
    )


def _faults(rng: random.Random, offline_us: int, is_final: bool) -> tuple[Fault, ...]:
    found = [Fault(0, "access_point", offline_us)] if offline_us else []
    for _ in range(rng.randrange(5)):
        what = rng.choice(AT_A_TIME)
        at_us = offline_us + rng.randrange(BAD_US)
        if not (is_final and what == "amnesia"):
            found.append(Fault(at_us, what, int(10 ** rng.uniform(6, 9))))
    return tuple(found)


def _passages(seed: int, until_us: int, is_final: bool) -> Passages:
    """Three of four connections have a mishap or two, until all is well."""

    def passage_of(number: int, now_us: int) -> Passage:
        rng = random.Random(seed << 16 | number)
        round_trip_us = int(10 ** rng.uniform(4, 6.3))
        if now_us >= until_us:
            return Passage(round_trip_us)
        spread_us = rng.choice((0, 1000, 1_000_000))
        count = rng.choice((0, 1, 1, 2))
        return Passage(
            round_trip_us, spread_us, tuple(_mishap(rng, is_final) for _ in range(count))
        )

    return passage_of


def _mishap(rng: random.Random, is_final: bool) -> Mishap:
    what, most_s = rng.choice(AFTER_A_BYTE)
    if is_final and what == "amnesia":
        what = "broker"
    way = rng.choice((UP, DOWN))
    # 100 bytes of greeting come up and 25 go down; then messages, and answers of 4 and of 50
    after_bytes = int(10 ** rng.uniform(0, 3.5 if way == UP else 2.7)) - 1
    return Mishap(way, after_bytes, what, int(rng.uniform(0, most_s) * SECOND_US))


def every_byte(way: str, what: str, step: int = 1) -> Scenario:
    """The same exchange again and again, greeting, status and two hours of intervals, each time
    ended `step` bytes later, until it is through; and then what a message a quarter of an hour is.
    """

    def passage_of(number: int, now_us: int) -> Passage:
        return Passage(40_000, 0, (Mishap(way, number * step, what),))

    # two hours without a network, and one in peace; what fails before the broker has greeted is
    # tried again after five minutes at the most; a connection that is silent is left after
    # fifteen seconds, or a minute
    hours = 3 + -(-{UP: 11, DOWN: 3}[way] * (3 if what == passage.SILENCE else 1) // step)
    settings = {"interval_s": 900, "meter.poll_s": 900, "mqtt.keepalive_s": 10}
    away = Fault(0, "access_point", 2 * HOUR_US)
    return Scenario(
        House(1, START_S), 1, hours, settings=settings, faults=(away,), passages=passage_of
    )


def live(plan: Scenario, vm: str) -> Counter[str]:
    """Live it and judge it; figures of what it was like. AssertionError tells what is wrong."""
    simulation = Simulation(plan, vm)
    simulation.run()
    return link_oracle.judge(simulation)


def _seed_told(seed: int, vm: str) -> tuple[str, Counter[str], str]:
    return _told(f"seed {seed}", scenario(seed), vm)


def _ends_told(ends: tuple[str, str], vm: str) -> tuple[str, Counter[str], str]:
    return _told(" ".join(ends), every_byte(*ends), vm)


def _told(name: str, plan: Scenario, vm: str) -> tuple[str, Counter[str], str]:
    try:
        return name, live(plan, vm), ""
    except AssertionError as error:
        return name, Counter(), str(error) or "an assertion without words"


def main() -> int:
    """Live so many lives; 1 when one of them was wrong."""
    parser = argparse.ArgumentParser(description="Short lives on a bad network.")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    parser.add_argument("--every-byte", action="store_true")
    chosen = parser.parse_args()
    began_s, runs, wrong, total = time.monotonic(), 0, 0, Counter[str]()
    with ProcessPoolExecutor() as pool:
        if chosen.every_byte:
            ends = product((UP, DOWN), (passage.RESET, passage.CLOSE, passage.SILENCE))
            results = pool.map(_ends_told, ends, repeat(chosen.vm))
        else:
            seeds = range(chosen.seed, chosen.seed + chosen.runs)
            results = pool.map(_seed_told, seeds, repeat(chosen.vm))
        for name, figures, trouble in results:
            runs += 1
            total += figures
            wrong += bool(trouble)
            if trouble or chosen.every_byte:
                print(f"{name}: {f'WRONG: {trouble}' if trouble else dict(figures)}", flush=True)
    told = ", ".join(f"{count} {what}" for what, count in total.items())
    passed_s = time.monotonic() - began_s
    print(f"{runs} runs on {chosen.vm}, {wrong} wrong: {told}; {passed_s:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
