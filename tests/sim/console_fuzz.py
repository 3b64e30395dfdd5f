"""Nonsense at the serial port, a hundred thousand lines of it: the collector lives, meters every
pulse meanwhile, and tells no secret.

    python -m tests.sim.console_fuzz --lines 100000 --seed 1

A seed is one life with some hundred lines: words and their likes with arguments of all kinds,
bytes that no keyboard has, lines without an end. `repl` is left out, `swap`, and a `time` that is
right: they change what is measured.
"""

import argparse
import random
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from host_sim.audit import audit
from host_sim.models.house import House
from host_sim.scenario import WIFI_PASSWORD, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, collector_of, ledger_of
from tests.sim.visitor import unlocking

LINES = 200  # of a life
SECRET, BROKER_SECRET = "tUx9-green-lamp", "broker-secret-77"
SECOND_US = 1_000_000
EVERY_US = 3 * SECOND_US
WORDS = (
    ("help", "json", "unlock", "claim", "lock", "status", "show", "set", "events", "journal")
    + ("wifi", "ping", "read", "outages", "resend", "leak", "valve", "reboot", "time", "meter")
    + ("pulses", "selftest", "commission", "scan", "identify", "dial", "file", "part")
    + ("factory-reset", "tariff", "site")
)  # fmt: skip
ARGUMENTS = (
    ("", "on", "off", "all", "water", "gas", "meter", "meter.poll_s", "mqtt.user", "mqtt.password")
    + ("console.secret", "events.classes", "interval_s", "0", "1", "-1", "5000", "4294967296")
    + ("is", "ca.crt", "my.txt", "AAAA", "0" * 64, "5")
    + ("9" * 20, '"', '""', '"a b"', "\\", "\u00e9", "\u20ac", "{}", "[", "null", "x" * 200)
)  # fmt: skip
ODD = bytes(range(32)) + bytes(range(127, 256))


def line(rng: random.Random) -> bytes:
    """One, with what ends it."""
    kind = rng.randrange(10)
    if kind == 0:
        text = rng.randbytes(rng.randrange(1, 300)).replace(b"\r", b"").replace(b"\n", b"")
    elif kind == 1:
        text = b"set mqtt.user " + str(rng.randrange(1000)).encode()
    else:
        words = [rng.choice(WORDS), *rng.choices(ARGUMENTS, k=rng.randrange(4))]
        text = " ".join(words).encode()
        if kind < 6:
            text = _damaged(text, rng)
    return text + rng.choice((b"\r", b"\n", b"\r\n", b"\r\r"))


def _damaged(text: bytes, rng: random.Random) -> bytes:
    spoiled = bytearray(text)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(spoiled) + 1)
        what = rng.randrange(3)
        if what == 0:
            spoiled.insert(place, rng.choice(ODD))
        elif what == 1:
            del spoiled[place : place + rng.randrange(1, 5)]
        else:
            spoiled[place:place] = rng.choice(WORDS).encode()
    return bytes(spoiled)


def live(seed: int, vm: str) -> list[str]:
    """What was wrong in the life of this seed."""
    rng = random.Random(seed)
    settings = {
        "meter.poll_s": 300,
        "console.secret": SECRET,
        "mqtt.user": "wall",
        "mqtt.password": BROKER_SECRET,
    }
    scenario = Scenario(House(seed, START_S), seed, 1, settings=settings)
    simulation = Simulation(scenario, vm)
    for number in range(LINES):
        at_us = 60 * SECOND_US + number * EVERY_US
        if number % 20 == 0:
            simulation.world.at(at_us, lambda: simulation.terminal.type("\x15unlock\r"))
            simulation.world.at(at_us + SECOND_US, lambda: _unlock(simulation))
        else:
            text = line(rng)
            simulation.world.at(at_us, lambda each=text: simulation.terminal.type(each))
    simulation.run()
    return _wrong(simulation)


def _unlock(simulation: Simulation) -> None:
    challenges = re.findall(r"challenge\W+([0-9a-f]{16})", simulation.terminal.text)
    if challenges:
        answer = unlocking(SECRET, challenges[-1], collector_of(simulation))
        simulation.terminal.type(f"{answer}\r")


def _wrong(simulation: Simulation) -> list[str]:
    found = []
    for life in simulation.collector.lives:
        if life.ending not in ("end of run", "reset 2") or "Traceback" in life.console:
            found.append(f"{life.ending}: {life.console}")
    for secret in (SECRET, BROKER_SECRET, WIFI_PASSWORD):
        if secret in simulation.terminal.text:
            found.append(f"it tells {secret}")
    ledger, collector = ledger_of(simulation), collector_of(simulation)
    if any(event.type == "task_failed" for event in ledger.events(collector)):
        found.append("a task failed")
    books = audit(simulation, ledger, collector)
    if not books.closes:
        found += books.remarks
    return found


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 1 when something was wrong."""
    parser = argparse.ArgumentParser(description="Say nonsense to the console.")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vm", choices=("cpython", "micropython"), default="cpython")
    options = parser.parse_args(arguments)
    began_s, failures = time.monotonic(), 0
    seeds = range(options.seed, options.seed + max(1, -(-options.lines // LINES)))
    with ProcessPoolExecutor() as pool:
        lives = pool.map(live, seeds, [options.vm] * len(seeds))
        for done, (seed, wrong) in enumerate(zip(seeds, lives, strict=True), 1):
            if wrong:
                failures += 1
                again = f"--lines 1 --seed {seed} --vm {options.vm}"
                print(f"\nseed {seed} fails: {again}", *wrong, sep="\n")
            print(f"\r{done * LINES:,} lines, {failures} lives wrong ", end="", file=sys.stderr)
    took_s = time.monotonic() - began_s
    print(f"{len(seeds) * LINES:,} lines, {failures} lives wrong, {took_s:.0f} s")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
