"""The books as numbers for programs and as tables for people."""

import json
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next import is the firmware's)
from lib.tariff import Schedules
from tools.headend import rates, told_report
from tools.headend.books import Books, ChannelBook
from tools.headend.ledger import Ledger
from tools.headend.plain import plain
from tools.headend.utc import utc


def numbers(ledger: Ledger, schedules: Schedules | None = None) -> dict[str, Any]:
    """Everything the tables show, by collector; made of what JSON can carry."""
    found = {}
    for name in ledger.collectors():
        found[name] = _numbers(ledger.books(name))
        found[name]["commands"] = [
            {"command": command, "sent_s": sent_s, "reply": reply and json.loads(reply)}
            for command, sent_s, reply in ledger.commands(name)
        ]
        found[name]["told"] = told_report.numbers(ledger, name, schedules)
        if schedules is not None:
            found[name]["rates"] = rates.numbers(ledger, name, schedules)
    return found


def last_line(books: Books, expected: int | None = None) -> str:
    """`kept N/N intervals, residual 0, lost 0, doubled 0`; `/N` only when it is `expected`."""
    of = "" if expected is None else f"/{expected}"
    return (
        f"kept {books.kept}{of} intervals, residual {books.residual},"
        f" lost {books.lost}, doubled {books.doubled}"
    )


def print_report(ledger: Ledger, console: Console, schedules: Schedules | None = None) -> None:
    """Tables per collector, and below them whatever does not add up."""
    for name in ledger.collectors():
        books = ledger.books(name)
        console.print(channel_table(books))
        for line in [*notes(books), *_commands(ledger, name)]:
            console.print(f"  {line}", style="yellow", markup=False, highlight=False)
        console.print(f"  {last_line(books)}", markup=False, highlight=False)
        if schedules is not None:
            for table in rates.tables(ledger, name, schedules):
                console.print(table)
        told_report.print_told(ledger, name, console, schedules)
    if not ledger.collectors():
        console.print("nothing received yet")


def channel_table(books: Books) -> Table:
    """One row per channel, and the net of electricity; times in UTC, 80 columns are enough."""
    state = {True: "online", False: "offline", None: "never seen online"}[books.online]
    title = f"{books.collector}: {state}, received up to {books.watermark}"
    table = Table(title=title, caption=_span(books), box=SIMPLE, collapse_padding=True)
    table.add_column("channel", no_wrap=True)
    for heading in ("consumption", "intervals", "missing", "flagged", "residual"):
        table.add_column(heading, justify="right", no_wrap=True)
    for book in books.channels.values():
        counts = (book.intervals, book.missing, book.flagged, book.residual)
        table.add_row(book.channel, f"{book.consumption} {book.unit}", *map(str, counts))
    if books.net_wh is not None:
        table.add_row("electricity net", f"{books.net_wh} Wh", *[""] * 4)
    return table


def notes(books: Books) -> list[str]:
    """One line for each thing that does not add up, or that the reader must know."""
    lines = [f"waiting for {first}..{last}" for first, last in _holes(books)]
    lines += [
        f"{after + 1}..{upto} acknowledged by an earlier head-end" for after, upto in books.adopted
    ]
    for count, what in (
        (books.lost, "records lost by the collector"),
        (books.conflicts, "records came again with other content, refused"),
        (books.refused, "messages refused"),
        (books.dropped_doubles, "doubles dropped"),
    ):
        if count:
            lines.append(f"{what}: {count}")
    for book in books.channels.values():
        lines += _channel_notes(book)
    return lines


def _commands(ledger: Ledger, collector: str) -> list[str]:
    """The last commands to the collector, and what it said to each."""
    lines = []
    for command, sent_s, reply in ledger.commands(collector):
        outcome = "no reply" if reply is None else _outcome(json.loads(reply))
        lines.append(f"command {command} at {utc(sent_s)}: {outcome}")
    return lines


def _outcome(reply: dict[str, Any]) -> str:
    return "done" if "done" in reply else f"refused: {plain(reply['refused'])}"


def _channel_notes(book: ChannelBook) -> list[str]:
    broken = [
        f"{book.channel}: register {each.closed} after record {each.seq_before},"
        f" but {each.opened} before {each.seq_after}"
        for each in book.breaks
    ]
    gaps = [f"{book.channel}: nothing from {utc(a)} to {utc(b)}" for a, b in book.gaps]
    crossed = [
        f"{book.channel}: the intervals of {utc(a)} and {utc(b)} overlap" for a, b in book.overlaps
    ]
    wrong = [
        f"{book.channel}: {day.residual} {book.unit} beyond the intervals of the day that ended"
        f" {utc(day.end_s)}"
        for day in book.days
        if day.residual
    ]
    timeless = [f"{book.channel}: {book.timeless} intervals without a time"] * bool(book.timeless)
    return broken + gaps + crossed + wrong + timeless


def _holes(books: Books) -> list[tuple[int, int]]:
    """(first, last) sequence number of every hole in what was received."""
    ends = [books.watermark, *(upto for _, upto in books.waiting)]
    return [(end + 1, after) for end, (after, _) in zip(ends, books.waiting, strict=False)]


def _span(books: Books) -> str:
    starts = [at for book in books.channels.values() if (at := book.first_start_s) is not None]
    ends = [at for book in books.channels.values() if (at := book.last_end_s) is not None]
    return f"{utc(min(starts))} to {utc(max(ends))}" if starts else "no intervals"


def _numbers(books: Books) -> dict[str, Any]:
    totals = ("kept", "doubled", "residual", "closed", "net_wh")
    data = asdict(books) | {name: getattr(books, name) for name in totals}
    for name, book in books.channels.items():
        data["channels"][name]["residual"] = book.residual
    return data
