"""What a collector tells of its own registers by period and of demand, as numbers and tables."""

from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next import is the firmware's)
from lib.tariff import Schedules
from tools.headend import tariffs
from tools.headend.ledger import Ledger
from tools.headend.periods import placed
from tools.headend.told import (
    PERIODS,
    Demand,
    Registers,
    Stretch,
    demands,
    registers,
    stretches,
)
from tools.headend.utc import utc


class Told:
    """All that one collector has told; compared with its intervals where a tariff is given."""

    def __init__(self, ledger: Ledger, collector: str, schedules: Schedules | None) -> None:
        events = ledger.events(collector)
        self.registers = registers(events)
        self.demands = demands(events)
        self.units = {name: book.unit for name, book in ledger.books(collector).channels.items()}
        self.names = _names(self.registers, schedules)
        self.is_compared = schedules is not None
        self.stretches: dict[str, list[Stretch]] = {}
        if schedules is not None:
            for channel, told in self.registers.items():
                amounts = placed(ledger.counted(collector, channel), schedules)
                self.stretches[channel] = stretches(told, amounts, events)

    def difference(self, channel: str) -> int:
        """What the collector put elsewhere than its intervals say, without what it assumed."""
        wrong = [stretch for stretch in self.stretches[channel] if stretch.is_wrong]
        return sum(abs(amount) for stretch in wrong for amount in stretch.difference)


def numbers(ledger: Ledger, collector: str, schedules: Schedules | None) -> dict[str, Any]:
    """Everything the tables show; made of what JSON can carry."""
    told = Told(ledger, collector, schedules)
    return {
        "period_registers": {channel: _channel(told, channel) for channel in told.registers},
        "demand": [asdict(demand) for demand in told.demands],
    }


def print_told(
    ledger: Ledger, collector: str, console: Console, schedules: Schedules | None
) -> None:
    """Two tables, and below the first whatever does not add up; nothing where nothing was told."""
    told = Told(ledger, collector, schedules)
    if told.registers:
        console.print(_register_table(collector, told))
        for line in notes(told):
            console.print(f"  {line}", style="yellow", markup=False, highlight=False)
        console.print(f"  {last_line(told)}", markup=False, highlight=False)
    if told.demands:
        console.print(_demand_table(collector, told.demands))


def notes(told: Told) -> list[str]:
    """One line for each telling that does not add up, that differs, or that was assumed."""
    lines = []
    for channel, each_told in told.registers.items():
        lines += [
            f"{channel}: register {each.register} in record {each.seq}, but its periods and what"
            f" is apart make {sum(each.amounts)}"
            for each in each_told
            if not each.adds_up
        ]
        for stretch in told.stretches.get(channel, []):
            where = f"{channel}, {_span(stretch)}"
            if stretch.assumed:
                lines.append(f"{where}: the period was assumed, not compared")
            elif stretch.is_wrong:
                lines.append(f"{where}: {_words(told, channel, stretch)}")
    return lines


def _words(told: Told, channel: str, stretch: Stretch) -> str:
    """`peak +3 L, off-peak -3 L beyond the intervals, by version 2`."""
    unit = told.units.get(channel, "")
    amounts = [f"{name} {n:+d} {unit}" for name, n in _differing(told, stretch).items()]
    versions = ", ".join(map(str, stretch.versions)) or "not told"
    return f"{', '.join(amounts)} beyond the intervals; version of the tariff: {versions}"


def _differing(told: Told, stretch: Stretch) -> dict[str, int]:
    pairs = zip([*_all_names(told.names), "apart"], stretch.difference, strict=True)
    return {name: amount for name, amount in pairs if amount}


def _channel(told: Told, channel: str) -> dict[str, Any]:
    all_told = told.registers[channel]
    last = all_told[-1]
    data = {
        "unit": told.units.get(channel, ""),
        "time_s": last.time_s,
        "periods": dict(zip(told.names, last.amounts, strict=False)),
        "apart": last.amounts[PERIODS],
        "register": last.register,
        "told": len(all_told),
        "not_adding_up": [each.seq for each in all_told if not each.adds_up],
    }
    if told.is_compared:
        found = told.stretches[channel]
        data["difference"] = told.difference(channel)
        data["compared"] = sum(not stretch.assumed for stretch in found)
        data["assumed"] = [_ends(stretch) for stretch in found if stretch.assumed]
        data["differing"] = [
            _ends(stretch) | {"difference": _differing(told, stretch)}
            for stretch in found
            if stretch.is_wrong
        ]
    return data


def _ends(stretch: Stretch) -> dict[str, Any]:
    return {
        "since_seq": stretch.since.seq,
        "until_seq": stretch.until.seq,
        "since_s": stretch.since.time_s,
        "until_s": stretch.until.time_s,
        "versions": list(stretch.versions),
    }


def _register_table(collector: str, told: Told) -> Table:
    """The last telling of each channel."""
    title = f"{collector}: registers by period, as the collector tells them"
    table = Table(title=title, caption=_told_at(told), box=SIMPLE, collapse_padding=True)
    table.add_column("channel", overflow="fold")
    for heading in (*told.names, "apart", "register"):
        table.add_column(heading, justify="right", overflow="fold")
    for channel, all_told in told.registers.items():
        last = all_told[-1]
        amounts = [*last.amounts[: len(told.names)], last.amounts[PERIODS], last.register]
        unit = told.units.get(channel, "")
        table.add_row(f"{channel}, {unit}", *map(str, amounts))
    return table


def last_line(told: Told) -> str:
    """`28 stretches compared with the intervals, difference 0, 1 assumed`."""
    if not told.is_compared:
        return "not compared with the intervals: give --tariff"
    found = [stretch for each in told.stretches.values() for stretch in each]
    assumed = sum(stretch.assumed for stretch in found)
    difference = sum(map(told.difference, told.stretches))
    return (
        f"{len(found) - assumed} stretches compared with the intervals, difference {difference},"
        f" {assumed} assumed"
    )


def _told_at(told: Told) -> str:
    """The caption: when the last was told."""
    times = [each[-1].time_s for each in told.registers.values()]
    last_s = max((time_s for time_s in times if time_s is not None), default=None)
    return "at a time not known" if last_s is None else f"at {utc(last_s)}"


def _demand_table(collector: str, months: list[Demand]) -> Table:
    """One row per billing month: the highest quarter-hours."""
    title = f"{collector}: demand, the highest quarter-hour of each billing month"
    table = Table(title=title, box=SIMPLE, collapse_padding=True)
    for heading in ("month from", "delivered, W", "at", "received, W", "at", "left out"):
        table.add_column(heading, justify="right", overflow="fold")
    for each in months:
        delivered_at = utc(each.delivered_at_s) if each.delivered_at_s else "-"
        received_at = utc(each.received_at_s) if each.received_at_s else "-"
        table.add_row(
            utc(each.month_s),
            str(each.delivered_w),
            delivered_at,
            str(each.received_w),
            received_at,
            str(each.left_out),
        )
    return table


def _names(told: dict[str, list[Registers]], schedules: Schedules | None) -> list[str]:
    """Of the periods that the tariff has, and of further ones in which something was counted."""
    known = tariffs.period_names(schedules) if schedules is not None else []
    last = [each[-1].amounts[:PERIODS] for each in told.values()]
    used = [number + 1 for amounts in last for number, amount in enumerate(amounts) if amount]
    return _all_names(known)[: max([len(known), *used])]


def _all_names(known: list[str]) -> list[str]:
    """A name for each number that a period can have."""
    return known + [f"period {number}" for number in range(len(known), PERIODS)]


def _span(stretch: Stretch) -> str:
    ends = (stretch.since.time_s, stretch.until.time_s)
    return " to ".join("?" if time_s is None else utc(time_s) for time_s in ends)
