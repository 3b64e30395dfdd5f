"""Completeness by day as numbers for programs and as tables for people."""

from dataclasses import asdict, fields
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from tools.headend.completeness import Day, days
from tools.headend.ledger import Ledger


def numbers(ledger: Ledger, from_s: int, to_s: int, late_hours: int) -> dict[str, Any]:
    """By collector; made of what JSON can carry."""
    return {
        "late_hours": late_hours,
        "collectors": {
            name: [
                {"date": day.date} | asdict(day)
                for day in days(ledger, name, from_s, to_s, late_hours)
            ]
            for name in ledger.collectors()
        },
    }


def table(collector: str, found: list[Day], late_hours: int) -> Table:
    """One row a day; 80 columns are enough."""
    grid = Table(title=f"{collector}: intervals by day, UTC", box=SIMPLE, collapse_padding=True)
    grid.caption = f"late: received {late_hours} h after its end, or later"
    grid.add_column("day", no_wrap=True)
    counts = [field.name for field in fields(Day)][1:]
    for heading in (*counts, "%"):
        grid.add_column(heading, justify="right", no_wrap=True)
    for day in found:
        grid.add_row(day.date, *(str(getattr(day, name)) for name in counts), _percent(day))
    return grid


def _percent(day: Day) -> str:
    """What was received of what was expected; never rounded up to all of it."""
    return f"{1000 * day.received // day.expected / 10:.1f}" if day.expected else "-"
