"""A simulated collector in real time, with its serial port on a pseudo-terminal.

    python -m host_sim.collector_terminal

prints the port, and lives until its standard input ends: a built-in house, its meter, an access
point, and a broker inside. `--config` is its configuration; without one nobody has claimed it yet.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from host_sim.clocks import RealClock
from host_sim.models.house import House
from host_sim.peripherals.console_line import ConsoleLine
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tools.config import ConfigError, load_settings

YEAR_H = 24 * 365


class Unplugged(Exception):
    """Whoever started it has gone."""


def main() -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args()
    try:
        settings = load_settings(options.config) if options.config else {}
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    clock = RealClock()
    start_s = int(time.time()) // 3600 * 3600
    scenario = Scenario(House(options.seed, start_s), options.seed, YEAR_H, settings=settings)
    simulation = Simulation(scenario, options.vm, clock, console=ConsoleLine)
    clock.watch(sys.stdin.fileno(), _ended)
    print(simulation.console.path, flush=True)
    try:
        simulation.run()
    except (Unplugged, KeyboardInterrupt):
        return 0
    return 0


def _ended() -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        raise Unplugged


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m host_sim.collector_terminal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vm", choices=("micropython", "cpython"), default="cpython")
    parser.add_argument("--config", type=Path, help="a JSON file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
