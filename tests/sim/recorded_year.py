"""A whole year of each recorded home through the firmware: every Wh that was recorded is booked.

python -m tests.sim.recorded_year --vm cpython
"""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from host_sim.models.replay import load_home
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import audited
from tests.sim.recorded_books import (
    DUTCH,
    SYDNEY,
    Comparison,
    Hours,
    compare,
    dutch_hours,
    sydney_hours,
)
from tests.sim.shared_data import SHARED_DATA

HOMES: dict[Path, Callable[[], dict[str, Hours]]] = {DUTCH: dutch_hours, SYDNEY: sydney_hours}
ROW = "{:<24}{:>15}{:>15}{:>14}{:>14}{:>18}"
HEADINGS = ROW.format(
    "", "hours recorded", "hours booked", "Wh recorded", "Wh booked", "one hour off by"
)


def live(path: Path, days: int, vm: str) -> tuple[str, bool]:
    """Replay so many days of a recording: what was booked, as text, and whether it is right."""
    home = load_home(path, seed=1)
    hours = min(24 * days, (home.end_s - home.start_s) // 3600)
    simulation = Simulation(Scenario(home, 1, hours, settings={"meter.poll_s": 900}), vm)
    began_s = time.monotonic()
    simulation.run()
    took_s = time.monotonic() - began_s
    compared = {
        channel: compare(simulation, channel, recorded)
        for channel, recorded in HOMES[path]().items()
    }
    books = audited(simulation)
    lines = [
        f"{path.name}: {hours / 24:g} days in {took_s:.0f} s",
        HEADINGS,
        *(_row(channel, each) for channel, each in compared.items()),
        f"{books}",
        *books.remarks[:10],
    ]
    right = books.closes and all(each.agrees for each in compared.values())
    return "\n".join(lines), right


def _row(channel: str, each: Comparison) -> str:
    wrong = "" if each.agrees else "  WRONG"
    return ROW.format(channel, *(f"{figure:,}" for figure in each)) + wrong


def main() -> int:
    """Replay both homes; 1 when a Wh is missing, or one too many."""
    parser = argparse.ArgumentParser(description="Replay recorded years.")
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    options = parser.parse_args()
    if not SHARED_DATA.is_dir():
        print("error: there is no ../shared/data; the recordings lie there", file=sys.stderr)
        return 1
    right = True
    with ProcessPoolExecutor() as pool:
        homes = pool.map(live, HOMES, repeat(options.days), repeat(options.vm))
        for told, is_right in homes:
            print(told, flush=True)
            right = right and is_right
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
