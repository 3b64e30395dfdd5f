"""`make run`: a week of one home in a minute, from the meter's terminals to the closed books of
the head-end.
"""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from host_sim import mishaps
from host_sim.audit import Audit, audit
from host_sim.clocks import ScaledClock
from host_sim.display import Display, print_week
from host_sim.models.csv_table import DataError
from host_sim.models.home import Home
from host_sim.models.house import House
from host_sim.models.meters import METERS
from host_sim.models.replay import load_home
from host_sim.process import MICROPYTHON, ROOT, InterpreterMissing
from host_sim.scenario import DEFAULT_METER, HOUR_US, Scenario
from host_sim.simulation import Endpoint, Simulation
from tools.broker import Broker, BrokerError
from tools.config import ConfigError, load_settings
from tools.ending import status
from tools.headend.ledger import Ledger

RUN_S = 25  # real seconds that a run of the default length is spread over
DEFAULT_DAYS = 7
HOUSE_START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
COLLECTOR = "pk-246f28a1b2c3"
DELIVERY_TIMEOUT_S = 20
READY_TIMEOUT_S = 20
CONNECT_TIMEOUT_S = 5
POLL_S = 0.05


class RunError(Exception):
    """The run cannot go on; the text says what is wrong and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the books close, 1 when they do not or the run could not be done."""
    options = _parser().parse_args(arguments)
    try:
        return run(options)
    except (RunError, BrokerError, ConfigError, DataError, InterpreterMissing) as error:
        print(f"error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return 1


def run(options: argparse.Namespace) -> int:
    """Simulate, receive, and close the books."""
    console = Console()
    scenario = _scenario(options)
    vm = _vm(options.vm, console)
    for notice in getattr(scenario.home, "notices", ()):
        console.print(f"note: {notice}", style="yellow", highlight=False)
    folder = ROOT / "build" / "run"
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "headend.sqlite"
    for stale in folder.glob("headend.sqlite*"):
        stale.unlink()
    with _broker(options.broker) as endpoint, head_end(endpoint, database):
        clock = ScaledClock(scale=DEFAULT_DAYS * 86400 / RUN_S)
        simulation = Simulation(scenario, vm, clock, endpoint)
        ledger = Ledger(database)
        began_s = time.monotonic()
        with Display(console, simulation, ledger, COLLECTOR) as display:
            clock.on_idle = display.refresh
            simulation.run()
        await_delivery(ledger, simulation)
        took_s = time.monotonic() - began_s
    return _report(console, simulation, ledger, vm, took_s)


def _report(
    console: Console, simulation: Simulation, ledger: Ledger, vm: str, took_s: float
) -> int:
    result = audit(simulation, ledger, COLLECTOR)
    print_week(console, ledger, COLLECTOR)
    if simulation.scenario.faults:
        end_us = simulation.scenario.hours * HOUR_US
        console.print(mishaps.table(ledger, COLLECTOR, HOUSE_START_S, end_us))
    days = simulation.scenario.hours // 24
    console.print(f"{days} days in {took_s:.1f} s of real time on {vm}", highlight=False)
    console.print(_heap_line(simulation), highlight=False, soft_wrap=True)
    for life in simulation.collector.lives:
        if life.ending not in ("end of run", "power lost"):
            console.print(
                f"the firmware ended ({life.ending}):\n{life.console}",
                style="red",
                highlight=False,
            )
    for remark in result.remarks[:10]:
        console.print(f"books: {remark}", style="red", highlight=False)
    print(result)
    return 0 if result.closes else 1


def _heap_line(simulation: Simulation) -> str:
    """The firmware's heap on MicroPython: its limit, the least it ever had free, and what the
    bench took beside it.
    """
    limit = simulation.scenario.heap_bytes
    low = simulation.heap_low_bytes()
    if low is None:
        return "heap: CPython has none to measure"
    shims = simulation.collector.bench_heap_bytes
    return (
        f"heap: firmware {limit - low:,} of {limit:,} bytes at most, low water {low:,} free; the"
        f" world runs in another process, its shims took {shims:,} on top"
    )


def _scenario(options: argparse.Namespace) -> Scenario:
    if options.days < 1:
        raise RunError(f"--days must be 1 or more, not {options.days}")
    if options.meter not in METERS:
        raise RunError(f"no meter {options.meter}; METER is one of {', '.join(METERS)}")
    settings = load_settings(options.config) if options.config else {}
    hours = 24 * options.days
    if options.data:
        home: Home = load_home(options.data, options.seed)
        return Scenario(home, options.seed, hours, meter=options.meter, settings=settings)
    return Scenario(
        House(options.seed, HOUSE_START_S, leaks=mishaps.leaks(HOUSE_START_S)),
        options.seed,
        hours,
        meter=options.meter,
        settings=mishaps.SETTINGS | settings,
        faults=mishaps.faults(),
    )


def _vm(wanted: str, console: Console) -> str:
    """The interpreter to use; without a 32-bit MicroPython the run goes on with CPython, and says
    so.
    """
    if wanted == "micropython" and not MICROPYTHON.exists():
        console.print(
            "no 32-bit MicroPython here: running on CPython instead", style="bold yellow"
        )
        return "cpython"
    return wanted


@contextlib.contextmanager
def _broker(place: str | None) -> Iterator[Endpoint]:
    """The broker the user named, or one of our own for the length of the run."""
    if place:
        host, _, port = place.rpartition(":")
        if not host or not port.isdigit():
            raise RunError(f"BROKER must be host:port, not {place}")
        try:
            socket.create_connection((host, int(port)), CONNECT_TIMEOUT_S).close()
        except OSError as error:
            remedy = "start one there, or leave BROKER= away to get an own one"
            raise RunError(
                f"no broker at {place} ({error.strerror or error}): {remedy}"
            ) from error
        yield Endpoint(host, int(port))
        return
    with Broker.start() as broker:
        yield Endpoint(broker.host, broker.port)


@contextlib.contextmanager
def head_end(endpoint: Endpoint, database: Path) -> Iterator[None]:
    """The head-end in a process of its own, as the utility runs it."""
    command = [sys.executable, "-m", "tools.headend", "run"]
    command += ["--broker", f"{endpoint.host}:{endpoint.port}", "--db", str(database)]
    with (database.parent / "headend.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log)
        try:
            assert process.stdout is not None
            os.set_blocking(process.stdout.fileno(), False)
            deadline_s = time.monotonic() + READY_TIMEOUT_S
            while not process.stdout.read():
                if process.poll() is not None or time.monotonic() > deadline_s:
                    raise RunError(
                        f"the head-end cannot work with {endpoint.host}:{endpoint.port};"
                        f" see {database.parent.name}/headend.log"
                    )
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(POLL_S)
            yield
        finally:
            process.terminate()
            process.wait()


def await_delivery(ledger: Ledger, simulation: Simulation) -> None:
    """Give the head-end a moment to write down what has already reached the broker."""
    deadline_s = time.monotonic() + DELIVERY_TIMEOUT_S
    sent = [json.loads(entry.data)["upto"] for entry in simulation.trace.published("intervals")]
    while time.monotonic() < deadline_s and ledger.books(COLLECTOR).watermark < max(
        sent, default=0
    ):
        time.sleep(POLL_S)


def await_books(ledger: Ledger, simulation: Simulation) -> Audit:
    """The audit, as soon as it closes: in TLS nobody knows what was sent."""
    deadline_s = time.monotonic() + DELIVERY_TIMEOUT_S
    while True:
        result = audit(simulation, ledger, COLLECTOR)
        if result.closes or time.monotonic() > deadline_s:
            return result
        time.sleep(POLL_S)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m host_sim.run", description=__doc__)
    parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="how many days (7)")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the house and of everything random (1)"
    )
    parser.add_argument("--vm", choices=("micropython", "cpython"), default="micropython")
    parser.add_argument(
        "--meter", default=DEFAULT_METER, help=f"electricity meter ({DEFAULT_METER})"
    )
    parser.add_argument(
        "--data", type=Path, help="replay recorded homes from this folder or CSV file"
    )
    parser.add_argument("--broker", metavar="HOST:PORT", help="use this MQTT broker")
    parser.add_argument("--config", type=Path, help="the collector's configuration, a JSON file")
    return parser


if __name__ == "__main__":
    sys.exit(status(main))
