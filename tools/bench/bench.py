"""What every bench is to the program that runs them, and how it tells what it is doing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table

Results = dict[str, Any]


class Progress:
    """Says on the console which step is under way, and how long each one took."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One step: told while it lasts (on a terminal), and again when it is done."""
        began_s = time.monotonic()
        with self._console.status(what):
            yield
        took_s = time.monotonic() - began_s
        self._console.print(f"{took_s:6.1f} s  {what}", style="dim", highlight=False)


class Bench(Protocol):
    """A module of this package."""

    NAME: str

    def measure(self, progress: Progress) -> Results:
        """Measure; what is returned goes into build/bench.json under its own keys."""
        ...

    def tables(self, results: Results) -> list[Table]:
        """What `measure` returned, for people."""
        ...

    def verdicts(self, results: Results) -> list[Results]:
        """Each target with what was measured, and whether it was met."""
        ...
