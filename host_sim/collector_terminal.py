"""A simulated collector in real time, with its serial port on a pseudo-terminal.

    python -m host_sim.collector_terminal

prints the port, and lives until its standard input ends: a built-in house, its meter, an access
point, and a broker inside. `--config` is its configuration; without one nobody has claimed it yet.
`--blank`: it has none at all, as from the factory. `--board`: which of those in boards/ it is.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from host_sim.clocks import RealClock
from host_sim.models.home import Home
from host_sim.models.house import House
from host_sim.models.taps import Taps
from host_sim.peripherals.console_line import ConsoleLine
from host_sim.scenario import HOUR_US, Scenario
from host_sim.simulation import Endpoint, Simulation
from host_sim.wiring import WIRINGS
from tools.config import ConfigError, load_settings
from tools.headend.arguments import place

YEAR_H = 24 * 365


class Unplugged(Exception):
    """Whoever started it has gone."""


def main() -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    options = _parser().parse_args()
    if options.board not in WIRINGS:
        boards = ", ".join(WIRINGS)
        print(f"error: no board {options.board}; --board is one of {boards}", file=sys.stderr)
        return 1
    try:
        settings = load_settings(options.config) if options.config else {}
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    clock = RealClock()
    with tempfile.TemporaryDirectory() as site:
        scenario = Scenario(
            _home(options),
            options.seed,
            YEAR_H,
            board=options.board,
            settings=settings,
            site=Path(site),
            is_blank=options.blank,
        )
        endpoint = options.broker and Endpoint(*options.broker)
        simulation = Simulation(scenario, options.vm, clock, endpoint, console=ConsoleLine)
        clock.watch(sys.stdin.fileno(), _ended)
        print(simulation.console.path, flush=True)
        try:
            simulation.run()
        except (Unplugged, KeyboardInterrupt):
            return 0
    return 0


def _home(options: argparse.Namespace) -> Home:
    if options.taps:
        every_us = int(options.taps * 1_000_000)
        return Taps(list(range(every_us, HOUR_US, every_us)))
    return House(options.seed, int(time.time()) // 3600 * 3600)


def _ended() -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        raise Unplugged


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m host_sim.collector_terminal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vm", choices=("micropython", "cpython"), default="cpython")
    parser.add_argument("--board", default=Scenario.board, help=", ".join(WIRINGS))
    parser.add_argument("--config", type=Path, help="a JSON file")
    parser.add_argument("--blank", action="store_true", help="nothing is stored in it")
    parser.add_argument("--broker", type=place, metavar="HOST:PORT", help="a real one")
    parser.add_argument("--taps", type=float, metavar="S", help="water and gas every S seconds")
    return parser


if __name__ == "__main__":
    sys.exit(main())
