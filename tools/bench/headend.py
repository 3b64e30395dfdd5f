"""How many intervals the head-end takes in, each on the disk before it is acknowledged."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from host_sim.models.house import House
from lib import payload
from lib.frame import Interval
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.headend.dump import CHANNELS
from tools.headend.ledger import Ledger
from tools.postgres import Postgres, PostgresError

NAME: str = "headend"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
HOUR_S, HOURS = 3600, 24
BOOT = 7
TOPIC = "ami/pk-246f28a1b2c3/intervals"
# As many as mosquitto has on their way to one receiver.
GROUP = 20

FIGURES = (
    Figure("intervals_per_s", "intervals per second, a commit for each message"),
    Figure("intervals_per_s_grouped", f"  a commit for {GROUP} messages that wait"),
    Figure("intervals_per_cpu_s_grouped", "  of these, per second that it computes"),
)
CAPTION = """
A backlog of {days} days of the built-in house, each day one message of 96 intervals in four
channels, one receiver; the fastest of {times}, a busy machine shows. A flush of 4 KB to this disk
takes {flush_ms:.2f} ms, and each commit waits for one at least; the last line is what is left
where nothing waits for disk or server. {postgres}
"""


@dataclass(frozen=True)
class Size:
    """Of the backlog, and how often it is taken: the fastest counts, since a machine has others
    to work for too.
    """

    days: int = 200
    times: int = 5


def measure(progress: Progress, size: Size = Size()) -> Results:
    """The same backlog into either database, committed one by one and in groups."""
    messages = _backlog(size.days)
    found: dict[str, Any] = {"days": size.days, "times": size.times, "postgres": ""}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pulsekeep-bench-")))
        found["flush_ms"] = _flush_ms(folder)
        numbers = count()
        new: dict[str, Callable[[], Path | str]] = {
            "sqlite": lambda: folder / f"{next(numbers)}.db"
        }
        try:
            new["postgres"] = stack.enter_context(Postgres.start()).database
        except PostgresError as error:
            found["postgres"] = f"PostgreSQL was not measured: {error}."
        for suffix, group in (("", 1), ("_grouped", GROUP)):
            for name, place in new.items():
                with progress.step(f"{size.days} days into {name}, {group} in a commit"):
                    took = [_take(place(), messages, group) for _ in range(size.times)]
                intervals = size.days * HOURS * len(CHANNELS)
                fastest_s, computed_s = map(min, zip(*took, strict=True))
                found[f"intervals_per_s{suffix}_{name}"] = intervals / fastest_s
                found[f"intervals_per_cpu_s{suffix}_{name}"] = intervals / computed_s
    return {NAME: found}


def tables(results: Results) -> list[Table]:
    """The databases side by side."""
    found = results[NAME]
    columns = [
        Column(title, {each.key: found.get(f"{each.key}_{name}") for each in FIGURES})
        for title, name in (("SQLite", "sqlite"), ("PostgreSQL", "postgres"))
    ]
    return [figure.table("Head-end", CAPTION.format(**found), FIGURES, columns)]


def verdicts(results: Results) -> list[Results]:
    """None: the disk decides, and nothing is promised for it."""
    return figure.verdicts(NAME, FIGURES, results[NAME])


def _backlog(days: int) -> list[tuple[str, bytes]]:
    """One message a day, by the firmware's own writer."""
    home = House(1, START_S)
    registers = [0] * len(CHANNELS)
    messages = []
    for day in range(days):
        batch = payload.IntervalBatch(CHANNELS, payload.writer())
        for hour in range(HOURS):
            at_s = START_S + (day * HOURS + hour) * HOUR_S
            deltas = [home.hourly(name, at_s) for name, _ in CHANNELS]
            interval = Interval(at_s, HOUR_S, deltas, [0] * len(CHANNELS))
            assert batch.add(day * HOURS + hour + 1, BOOT, registers, interval)
            registers = [each + delta for each, delta in zip(registers, deltas, strict=True)]
        text = batch.text(day * HOURS, (day + 1) * HOURS)
        messages.append((TOPIC, bytes(text)))
    return messages


def _take(place: Path | str, messages: list[tuple[str, bytes]], group: int) -> tuple[float, float]:
    """Seconds until all is committed, and those of this process in them."""
    ledger = Ledger(place)
    answers = []
    began_s, computed_s = time.perf_counter(), time.process_time()
    for first in range(0, len(messages), group):
        answers += ledger.receive_all(messages[first : first + group], START_S)
    took = time.perf_counter() - began_s, time.process_time() - computed_s
    assert answers[-1][1] == b'{"v":1,"upto":%d}' % (len(messages) * HOURS)
    ledger.close()
    return took


def _flush_ms(folder: Path, times: int = 100) -> float:
    """Of a small append to a file, on average."""
    with (folder / "flushed").open("wb", buffering=0) as file:
        began_s = time.perf_counter()
        for _ in range(times):
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
        return (time.perf_counter() - began_s) * 1000 / times
