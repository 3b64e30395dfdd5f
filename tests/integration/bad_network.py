"""A collector that reaches a real mosquitto over a network as bad as can be, with the head-end in
a process of its own: everything that is owed must be there, once.

    python -m tests.integration.bad_network --runs 10 --seed 1 --vm cpython
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from host_sim.clocks import ScaledClock
from host_sim.models.house import House
from host_sim.run import await_delivery, head_end
from host_sim.scenario import HOUR_US, Scenario
from host_sim.simulation import Endpoint, Simulation
from tests.integration.fault_proxy import FaultProxy
from tests.sim import link_oracle
from tests.sim.bench import START_S
from tools.broker import Broker
from tools.headend.ledger import Ledger

SCALE = 4000  # a second of the head-end's, which reconnects, is an hour of the collector's
HOURS = 5
BAD_CONNECTIONS = 8
SETTINGS = {"interval_s": 900, "meter.poll_s": 900}
RESTARTS = ("no", "forgets", "remembers")


class Mosquitto:
    """A broker that can be killed, and started again where it was; `store` is what it keeps."""

    def __init__(self, store: Path | None) -> None:
        self._store = store
        self._broker = Broker.start("mosquitto", store=store)
        self.port = self._broker.port

    def again(self) -> None:
        """Killed, without a word to anybody, and back."""
        self._broker.kill()
        self._broker = Broker.start("mosquitto", self.port, self._store)

    def stop(self) -> None:
        """The end."""
        self._broker.stop()


def live(seed: int, vm: str, restart: str, folder: Path) -> Counter[str]:
    """Live it and judge it; figures of what it was like. AssertionError tells what is wrong."""
    database = folder / "headend.sqlite"
    mosquitto = Mosquitto(folder if restart == "remembers" else None)
    try:
        with (
            head_end(Endpoint("127.0.0.1", mosquitto.port), database),
            FaultProxy(mosquitto.port, seed, BAD_CONNECTIONS) as proxy,
        ):
            plan = Scenario(House(seed, START_S), seed, HOURS, settings=SETTINGS)
            endpoint = Endpoint("127.0.0.1", proxy.port)
            simulation = Simulation(plan, vm, ScaledClock(SCALE), endpoint)
            if restart != "no":
                at_us = random.Random(seed).randrange(HOUR_US // 2, 2 * HOUR_US)
                simulation.world.at(at_us, mosquitto.again)
            simulation.run()
            ledger = Ledger(database)
            await_delivery(ledger, simulation)
            figures = link_oracle.judge(simulation, ledger)
            figures["connections"] = proxy.connections
            figures["mishaps"] = proxy.mishaps
            ledger.close()
            return figures
    finally:
        mosquitto.stop()


def main() -> int:
    """Live so many lives; 1 when one of them was wrong."""
    parser = argparse.ArgumentParser(description="A real broker over a bad network.")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    chosen = parser.parse_args()
    began_s, wrong, total = time.monotonic(), 0, Counter[str]()
    for seed in range(chosen.seed, chosen.seed + chosen.runs):
        restart = RESTARTS[seed % len(RESTARTS)]
        with tempfile.TemporaryDirectory() as folder:
            try:
                total += live(seed, chosen.vm, restart, Path(folder))
            except AssertionError as error:
                wrong += 1
                print(f"seed {seed}, the broker {restart}: WRONG: {error}", flush=True)
    told = ", ".join(f"{count} {what}" for what, count in total.items())
    passed_s = time.monotonic() - began_s
    print(f"{chosen.runs} runs on {chosen.vm}, {wrong} wrong: {told}; {passed_s:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
