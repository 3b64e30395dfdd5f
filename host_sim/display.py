"""What a person sees during and after a run: progress, a live table, the week in numbers and as a
plot.
"""

import time
from datetime import UTC, datetime

import plotext
from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from host_sim.audit import true_registers
from host_sim.simulation import Simulation
from tools.headend import events_report
from tools.headend.ledger import Ledger

REFRESH_S = 0.25
PLOT_LINES = 14
EVENTS_SHOWN = 6
LABELS = {
    "electricity_delivered": "Electricity delivered",
    "electricity_received": "Electricity received",
    "water": "Water",
    "gas": "Gas",
}
UNITS = {"electricity_delivered": "Wh", "electricity_received": "Wh", "water": "L", "gas": "dm3"}


class Display:
    """Refreshed from the clock's idle moments; costs nothing while the firmware computes."""

    def __init__(
        self, console: Console, simulation: Simulation, ledger: Ledger, collector: str
    ) -> None:
        self._console = console
        self._simulation = simulation
        self._ledger = ledger
        self._collector = collector
        self._registers = true_registers(simulation)
        self._refreshed_s = 0.0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._progress.add_task("simulating", total=simulation.scenario.end_us)
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> "Display":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def refresh(self) -> None:
        """Draw anew, a few times a second at the most."""
        now_s = time.monotonic()
        if now_s - self._refreshed_s < REFRESH_S:
            return
        self._refreshed_s = now_s
        world = self._simulation.world
        self._progress.update(
            self._task, completed=world.now_us, description=_local(world.unix_us)
        )
        shown = [self._progress, self._table(), self._happened()]
        self._live.update(Group(*(each for each in shown if each)), refresh=True)

    def _happened(self) -> Table | None:
        """The newest events, but for the check of every day."""
        events = self._ledger.events(self._collector)
        newest = [event for event in events if event.type != "day_closed"][-EVENTS_SHOWN:]
        return events_report.table(self._collector, newest) if newest else None

    def _table(self) -> Table:
        books = self._ledger.books(self._collector)
        table = Table(title="meters and head-end, now")
        for heading in ("channel", "meter shows", "head-end has", "intervals", "unit"):
            table.add_column(
                heading, justify="left" if heading in ("channel", "unit") else "right"
            )
        for channel, register in self._registers.items():
            book = books.channels.get(channel)
            shown = f"{register(self._simulation.world.unix_us):,}"
            booked = f"{book.last_close:,}" if book and book.last_close is not None else "-"
            table.add_row(
                LABELS[channel], shown, booked, str(book.intervals if book else 0), UNITS[channel]
            )
        return table


def print_week(console: Console, ledger: Ledger, collector: str) -> None:
    """Consumption per channel and day, then the plot."""
    table = Table(title="consumption by day (UTC)")
    table.add_column("day")
    days: dict[str, dict[str, int]] = {}
    booked = ledger.books(collector).channels
    channels = [channel for channel in LABELS if channel in booked]
    for channel in channels:
        table.add_column(f"{LABELS[channel]}, {UNITS[channel]}", justify="right")
        for start_s, delta, _ in ledger.interval_series(collector, channel):
            day = datetime.fromtimestamp(start_s, UTC).strftime("%a %Y-%m-%d")
            totals = days.setdefault(day, dict.fromkeys(channels, 0))
            totals[channel] += delta or 0
    for day, totals in days.items():
        table.add_row(day, *(f"{totals[channel]:,}" for channel in channels))
    table.add_section()
    sums = (sum(totals[channel] for totals in days.values()) for channel in channels)
    table.add_row("all", *(f"{total:,}" for total in sums))
    console.print(table)
    console.print(_plot(ledger, collector, min(console.width, 100)), highlight=False, markup=False)


def _plot(ledger: Ledger, collector: str, width: int) -> str:
    """Hourly electricity, in the directions the meter has, drawn with characters."""
    booked = [
        (channel, sign, ledger.interval_series(collector, channel))
        for channel, sign in (("electricity_delivered", 1), ("electricity_received", -1))
    ]
    booked = [(channel, sign, series) for channel, sign, series in booked if series]
    if not booked:
        return ""
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(width, PLOT_LINES)
    for channel, sign, series in booked:
        first_s = series[0][0]
        days = [(start_s - first_s) / 86400 for start_s, _, _ in series]
        plotext.plot(days, [sign * (delta or 0) for _, delta, _ in series], label=LABELS[channel])
    plotext.title("electricity, Wh in each hour (received below zero)")
    plotext.xlabel("days")
    return plotext.uncolorize(plotext.build())


def _local(unix_us: int) -> str:
    return datetime.fromtimestamp(unix_us // 1_000_000, UTC).strftime("%a %d %b %H:%M")
