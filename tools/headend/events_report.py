"""Events as numbers for programs and as a table for people."""

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from tools.headend import cim
from tools.headend.ledger import Ledger
from tools.headend.messages import Event
from tools.headend.plain import plain
from tools.headend.utc import utc
from tools.setting_names import with_setting


def chosen(ledger: Ledger, collector: str, words: Sequence[str], newest: int) -> list[Event]:
    """The newest so many of a collector, in order of its journal; of some types, if `words`."""
    events = [event for event in ledger.events(collector) if not words or event.type in words]
    return events[-newest:]


def numbers(collector: str, events: list[Event]) -> list[dict[str, Any]]:
    """Made of what JSON can carry."""
    return [
        {
            "collector": collector,
            "seq": event.seq,
            "boot": event.boot,
            "time": event.time_s,
            "type": event.type,
            "cim": cim.text(cim.code(event.type, event.detail)),
            "detail": with_setting(event.type, event.detail),
        }
        for event in events
    ]


def table(collector: str, events: list[Event]) -> Table:
    """One row an event."""
    grid = Table(title=f"{collector}: events, UTC", box=SIMPLE, collapse_padding=True)
    for heading in ("time", "event", "CIM"):
        grid.add_column(heading, no_wrap=True)
    grid.add_column("detail", overflow="fold")
    for event in events:
        when = "not known" if event.time_s is None else utc(event.time_s)
        told = ", ".join(
            f"{plain(key)} {plain(str(value))}"
            for key, value in with_setting(event.type, event.detail).items()
        )
        grid.add_row(when, plain(event.type), cim.text(cim.code(event.type, event.detail)), told)
    return grid
