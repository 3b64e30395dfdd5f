"""What goes wrong in the week of `make run`, and how long the collector took to tell."""

from typing import NamedTuple

from rich.table import Table

from host_sim.models.flow import Flow
from host_sim.scenario import HOUR_US, Fault
from tools.headend.ledger import Ledger
from tools.headend.messages import Event
from tools.headend.utc import utc

SECOND_US = 1_000_000
# rules of firmware/LEAKS.md
CONTINUOUS, EVERY_HOUR, SUDDEN = 1, 3, 6


class Mishap(NamedTuple):
    """Something that goes wrong for a while; rules: those of a leak that are to find it."""

    title: str
    begin_us: int
    lasting_us: int
    litres_per_h: int = 0
    word: str = "leak_began"
    rules: tuple[int, ...] = ()


TOILET = Mishap(
    "a toilet runs, 30 L/h", 26 * HOUR_US, 54 * HOUR_US, 30, rules=(CONTINUOUS, EVERY_HOUR)
)
OUTAGE = Mishap("mains is lost", 99 * HOUR_US + 600 * SECOND_US, HOUR_US // 2, word="mains_lost")
BURST = Mishap("a pipe bursts, 1 500 L/h", 130 * HOUR_US, HOUR_US // 2, 1500, rules=(SUDDEN,))
WEEK = (TOILET, OUTAGE, BURST)
SETTINGS = {"mains.sense": True}


def leaks(start_s: int) -> tuple[Flow, ...]:
    """The water that runs, for models/house.py."""
    flows = []
    for each in WEEK:
        if each.litres_per_h:
            begin_us = start_s * SECOND_US + each.begin_us
            flows.append(Flow(begin_us, begin_us + each.lasting_us, each.litres_per_h))
    return tuple(flows)


def faults() -> tuple[Fault, ...]:
    """The outages."""
    return tuple(
        Fault(each.begin_us, "mains", each.lasting_us)
        for each in WEEK
        if each.word == "mains_lost"
    )


def found(mishap: Mishap, start_s: int, events: list[Event]) -> Event | None:
    """The first event that tells of it."""
    begin_s = start_s + mishap.begin_us // SECOND_US
    for event in events:
        is_it = event.type == mishap.word and (event.time_s or 0) >= begin_s - 1
        if is_it and (not mishap.rules or event.detail.get("rule") in mishap.rules):
            return event
    return None


def table(ledger: Ledger, collector: str, start_s: int, upto_us: int) -> Table:
    """What went wrong until then, when it was told, and how long that took."""
    events = ledger.events(collector)
    grid = Table(title="what went wrong, and when the collector told (UTC)")
    for heading in ("what", "from", "told", "after"):
        grid.add_column(heading, justify="right" if heading == "after" else "left")
    for mishap in WEEK:
        if mishap.begin_us > upto_us:
            continue
        begin_s = start_s + mishap.begin_us // SECOND_US
        event = found(mishap, start_s, events)
        told_s = event.time_s if event else None
        if told_s is None:
            grid.add_row(mishap.title, utc(begin_s), "not yet", "")
        else:
            grid.add_row(mishap.title, utc(begin_s), utc(told_s), _span(max(0, told_s - begin_s)))
    return grid


def _span(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds / 3600:.1f} h"
