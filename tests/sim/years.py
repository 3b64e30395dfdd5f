"""Years in the life of a collector, from one seed: power cuts at random, a bus, a broker and a
network that go away, a time that is not known for weeks or that lies by seconds to years; and the
city's tariff by the clock of Los Angeles, London, Sydney or Lord Howe. Judged by what must be true
of time and sums whatever happened.

    python -m tests.sim.years --lives 8 --days 365 --seed 1 --vm cpython
"""

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import repeat

from host_sim.models.house import House
from host_sim.scenario import Fault, Scenario, TimeServers, true_time
from host_sim.simulation import Simulation
from tests.sim import years_oracle
from tests.tools.rate_plans import ZONES, city, schedules
from tools.headend.almanac import Almanacs

DAY_S = 86_400
SECOND_US = 1_000_000
# Both changes of daylight saving time lie in a year; a leap day; and where a signed 31-bit count
# of seconds since 2000, as the chip has it, ends: 2034-01-09.
STARTS = ("2024-02-20", "2025-10-10", "2027-03-01", "2033-12-28")
PLACES = tuple(ZONES)[:4]
# settings under which a year takes a minute or two
SETTINGS = {
    "meter.poll_s": 900,
    "water.most_per_min": 60,
    "gas.most_per_min": 60,
    "checkpoint_pulses": 250,
    "tariff.registers": True,
}


def scenario(seed: int, days: int) -> Scenario:
    """What happens in the life of `seed`. Every third clock lies, every third never had a network
    before."""
    rng = random.Random(seed)
    start = datetime.fromisoformat(STARTS[seed % len(STARTS)]).replace(tzinfo=UTC)
    start_s = int(start.timestamp()) + 3600 * rng.randrange(12 * 24)
    return Scenario(
        House(seed, start_s),
        seed,
        24 * days,
        settings=SETTINGS,
        faults=_faults(rng, days, is_offline=seed % 3 == 1),
        board="esp32_c3_devkit",
        tariff=Almanacs(schedules(plan(seed))),
        time_servers=_liars(rng, start_s, days) if seed % 3 == 2 else true_time,
    )


def plan(seed: int) -> dict:
    """The tariff of that life. On Lord Howe its periods change in the middle of an interval."""
    return city(PLACES[seed % len(PLACES)], effective="2024-01-01")


def _faults(rng: random.Random, days: int, is_offline: bool) -> tuple[Fault, ...]:
    """Something every two days, one after the other; first, where there is no network, 45 days
    without."""
    found, at_s = [], 0.0
    if is_offline:
        away_s = min(45, days // 2) * DAY_S
        found.append(Fault(0, "access_point", away_s * SECOND_US))
    while True:
        at_s += rng.expovariate(1 / (2 * DAY_S)) + 300
        what = rng.choice(("power", "power", "power", "bus_cut", "broker", "head_end"))
        lasting_s = 10 ** rng.uniform(0, 5.2)  # 1 s to 44 h
        if at_s + lasting_s > (days - 1) * DAY_S:
            return tuple(found)
        found.append(Fault(int(at_s * SECOND_US), what, int(lasting_s * SECOND_US)))
        at_s += lasting_s


def _liars(rng: random.Random, start_s: int, days: int) -> TimeServers:
    """From some moment on all servers are off by a second up to two years, later right again."""
    from_s = start_s + rng.randrange(2 * DAY_S, days * DAY_S // 2)
    to_s = from_s + rng.randrange(DAY_S, days * DAY_S // 3)
    off_s = int(10 ** rng.uniform(0, 7.8)) * rng.choice((-1, 1))
    off_s = max(off_s, 1_710_000_000 - start_s)  # earlier than 2024 is no answer

    def time_of(host: str, unix_us: int) -> int:
        is_off = from_s * SECOND_US <= unix_us < to_s * SECOND_US
        return unix_us + (off_s * SECOND_US if is_off else 0)

    return time_of


def live(seed: int, days: int, vm: str) -> str:
    """Live it and judge it; what it was like in one line. AssertionError tells what is wrong."""
    simulation = Simulation(scenario(seed, days), vm)
    simulation.run()
    return years_oracle.judge(simulation, schedules(plan(seed)))


def _told(seed: int, days: int, vm: str) -> tuple[int, str, bool]:
    try:
        return seed, live(seed, days, vm), True
    except AssertionError as error:
        return seed, str(error), False


def main() -> int:
    """Live through so many lives; 1 when one of them was wrong."""
    parser = argparse.ArgumentParser(description="Live through years.")
    parser.add_argument("--lives", type=int, default=4)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    chosen = parser.parse_args()
    began_s, wrong = time.monotonic(), 0
    seeds = range(chosen.seed, chosen.seed + chosen.lives)
    with ProcessPoolExecutor() as pool:
        for seed, told, good in pool.map(_told, seeds, repeat(chosen.days), repeat(chosen.vm)):
            wrong += not good
            print(f"seed {seed}: {'' if good else 'WRONG: '}{told}", flush=True)
    passed_s = time.monotonic() - began_s
    print(f"{chosen.lives} lives of {chosen.days} days, {wrong} wrong, {passed_s:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
