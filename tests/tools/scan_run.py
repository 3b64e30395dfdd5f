"""A scan as a user starts it, and lines to scan."""

import io
import json
import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, NamedTuple

from host_sim.meter_terminal import MeterTerminal
from host_sim.models.line_settings import LineSettings
from host_sim.models.modbus_slave import ModbusSlave, Registers
from tools.scan.__main__ import main

SETTINGS = LineSettings(9600, "N", 1)
PATIENCE_MS = 250
# A meter is a program here, which may have to wait for its turn on a busy machine.
FEW = ("--baud", "9600", "--format", "8N1", "--patience-ms", "400")


class Outcome(NamedTuple):
    """What a scan printed; `meters` by address."""

    status: int
    meters: dict[int, dict[str, Any]]
    errors: str


def scan(port: str, *options: str) -> Outcome:
    """Run it with `--json`, and patience for a busy machine."""
    out, errors = io.StringIO(), io.StringIO()
    command = ["--port", port, "--json", "--patience-ms", str(PATIENCE_MS), *options]
    with redirect_stdout(out), redirect_stderr(errors):
        status = main(command)
    meters = [json.loads(line) for line in out.getvalue().splitlines()]
    # The console wraps its lines; the words are what matters.
    return Outcome(
        status, {each["address"]: each for each in meters}, " ".join(errors.getvalue().split())
    )


class Scripted:
    """Registers by (function, address), all else refused; remembers which functions were used."""

    def __init__(self, words: dict[tuple[int, int], list[int]]) -> None:
        self.functions: set[int] = set()
        self._words = {
            (function, first + place): word
            for (function, first), words in words.items()
            for place, word in enumerate(words)
        }

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        self.functions.add(function)
        places = [(function, address + i) for i in range(count)]
        if any(place not in self._words for place in places):
            return None
        return [self._words[place] for place in places]


def slave(address: int, registers: Registers, turnaround_us: int = 5000) -> ModbusSlave:
    """A slave at 9600 8N1 that thinks exactly so long."""
    made = ModbusSlave(address, registers, settings=SETTINGS)
    made.turnaround_us = turnaround_us
    return made


def line_of(*slaves: ModbusSlave) -> MeterTerminal:
    """All on one line."""
    return MeterTerminal(slaves)


@contextmanager
def bridged(terminal: int) -> Iterator[str]:
    """A port whose bytes go to and from `terminal`, our end of a pseudo-terminal pair."""
    ours, theirs = os.openpty()
    stopped, stop = os.pipe()

    def pump() -> None:
        other = {ours: terminal, terminal: ours}
        while stopped not in (ready := select.select([*other, stopped], [], [])[0]):
            for end in ready:
                os.write(other[end], os.read(end, 4096))

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(stop)
        thread.join()
        for descriptor in (ours, theirs, stopped):
            os.close(descriptor)
