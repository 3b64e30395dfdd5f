"""What each channel counted in each period of the tariff, from the intervals that were received.

What belongs to no period for certain (periods.py has the rule) is shown apart.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next import is the firmware's)
from lib.tariff import Schedules
from tools.headend import tariffs
from tools.headend.ledger import Ledger
from tools.headend.periods import placed


@dataclass(frozen=True)
class Rates:
    """One channel: amounts by period, and what belongs to none for certain; in its unit."""

    channel: str
    unit: str
    by_period: dict[str, int]
    apart: int

    @property
    def total(self) -> int:
        """All of it: the sum of the channel's intervals."""
        return sum(self.by_period.values()) + self.apart


def rates(ledger: Ledger, collector: str, schedules: Schedules) -> list[Rates]:
    """Every channel of a collector."""
    return [
        _rates(name, book.unit, ledger, collector, schedules)
        for name, book in ledger.books(collector).channels.items()
    ]


def numbers(ledger: Ledger, collector: str, schedules: Schedules) -> dict[str, dict]:
    """What the table shows, by channel; made of what JSON can carry."""
    return {
        each.channel: {"unit": each.unit, "periods": each.by_period, "apart": each.apart}
        for each in rates(ledger, collector, schedules)
    }


def tables(ledger: Ledger, collector: str, schedules: Schedules) -> Iterator[Table]:
    """One row per channel, one column per period. Two tariffs have a table each, and then one of
    what belongs to neither.
    """
    found = rates(ledger, collector, schedules)
    rows = {f"{each.channel}, {each.unit}": list(each.by_period.values()) for each in found}
    ends = {f"{each.channel}, {each.unit}": [each.apart, each.total] for each in found}
    if schedules.following is None:
        rows = {channel: amounts + ends[channel] for channel, amounts in rows.items()}
        yield _table(
            f"{collector}: {tariffs.title(schedules)}",
            [*schedules.current.names, "apart", "sum"],
            rows,
        )
        return
    first = 0
    for tariff in tariffs.each(schedules):
        part = slice(first, first + len(tariff.names))
        title = f"{collector}: {tariff.name}, version {tariff.version}"
        yield _table(title, tariff.names, {name: row[part] for name, row in rows.items()})
        first = part.stop
    yield _table(f"{collector}: both tariffs", ["apart", "sum"], ends)


def _table(title: str, headings: Iterable[str], rows: dict[str, list[int]]) -> Table:
    found = Table(title=title, box=SIMPLE, collapse_padding=True)
    found.add_column("channel", overflow="fold")
    for heading in headings:
        found.add_column(heading, justify="right", overflow="fold")
    for name, amounts in rows.items():
        found.add_row(name, *map(str, amounts))
    return found


def _rates(channel: str, unit: str, ledger: Ledger, collector: str, schedules: Schedules) -> Rates:
    amounts: Counter[tuple[int, int] | None] = Counter()
    for each in placed(ledger.counted(collector, channel), schedules):
        amounts[each.where] += each.delta
    by_period = {name: amounts[key] for key, name in _names(schedules).items()}
    return Rates(channel, unit, by_period, amounts[None])


def _names(schedules: Schedules) -> dict[tuple[int, int], str]:
    """By version of the tariff and number of the period. Two tariffs have two prices: what they
    call by one name is kept apart by the version.
    """
    several = schedules.following is not None
    return {
        (tariff.version, number): f"{name}, version {tariff.version}" if several else name
        for tariff in tariffs.each(schedules)
        for number, name in enumerate(tariff.names)
    }
