"""How far the search is, on standard error: what is asked now, and how long it may still take."""

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from tools.scan.plan import Plan, Step
from tools.scan.search import Found


class ScanProgress:
    """A bar that is as long as the plan takes when nobody answers."""

    def __init__(self, console: Console, plan: Plan, patience_s: float) -> None:
        self._console = console
        self._total_s = plan.wait_s(patience_s)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=self._total_s, left="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, remaining_s: float, step: Step) -> None:
        """About to ask."""
        self._progress.update(
            self._task,
            completed=self._total_s - remaining_s,
            description=f"{step.settings}, address {step.address}",
            left=f"at most {duration(remaining_s)} left",
        )

    def found(self, found: Found) -> None:
        """Somebody answered."""
        self._console.print(
            f"address {found.address} answers at {found.settings}", highlight=False
        )


def announcement(plan: Plan, patience_s: float) -> str:
    """What is about to be done, how long it takes and why."""
    settings = len({step.settings for step in plan.steps})
    addresses = len({step.address for step in plan.steps})
    whole = duration(plan.wait_s(patience_s))
    likely = duration(plan.quick().wait_s(patience_s))
    first = f", the likely ones first ({likely})" if plan.likely < len(plan.steps) else ""
    return (
        f"{settings} line settings, {addresses} addresses: at most {whole}{first}. Who is not"
        f" there costs {patience_s * 1000:.0f} ms and a request on the wire."
        " Ctrl-C ends the search and shows what was found."
    )


def duration(seconds: float) -> str:
    """As people say it."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
