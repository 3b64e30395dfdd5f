"""What each channel counted in each period of a tariff, from the intervals that were received.

An interval belongs to a period only when all of it does. What spans a change, because hours before
it had no reading, or lies before the tariff takes effect, is shown apart: where in time it was
measured nobody knows, and it is not guessed.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from lib import urdb
from lib.tariff import Tariff
from tools.headend.books import Row
from tools.headend.ledger import Ledger


class TariffError(Exception):
    """The tariff's file cannot be used; the text is one line that says why."""


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


def load_tariff(path: Path) -> Tariff:
    """The tariff of a JSON file (lib/urdb.py), or TariffError."""
    try:
        data = json.loads(path.read_text())
    except OSError as error:
        raise TariffError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise TariffError(f"{path}: no JSON: {error}") from error
    if not isinstance(data, dict):
        raise TariffError(f"{path}: must be a JSON object")
    try:
        return urdb.load(data)
    except ValueError as error:
        raise TariffError(f"{path}: {error}") from error


def rates(ledger: Ledger, collector: str, tariff: Tariff) -> list[Rates]:
    """Every channel of a collector."""
    units = {name: book.unit for name, book in ledger.books(collector).channels.items()}
    return [
        _rates(name, unit, ledger.counted(collector, name), tariff) for name, unit in units.items()
    ]


def numbers(ledger: Ledger, tariff: Tariff) -> dict[str, Any]:
    """Everything the tables show, by collector and channel; made of what JSON can carry."""
    return {
        name: {
            each.channel: {"unit": each.unit, "periods": each.by_period, "apart": each.apart}
            for each in rates(ledger, name, tariff)
        }
        for name in ledger.collectors()
    }


def table(ledger: Ledger, collector: str, tariff: Tariff) -> Table:
    """One row per channel, one column per period."""
    title = f"{collector}: {tariff.name}, version {tariff.version}"
    found = Table(title=title, box=SIMPLE, collapse_padding=True)
    found.add_column("channel", no_wrap=True)
    for heading in (*tariff.names, "apart", "sum"):
        found.add_column(heading, justify="right", no_wrap=True)
    for each in rates(ledger, collector, tariff):
        amounts = (*each.by_period.values(), each.apart, each.total)
        found.add_row(f"{each.channel}, {each.unit}", *map(str, amounts))
    return found


def _rates(channel: str, unit: str, rows: list[Row], tariff: Tariff) -> Rates:
    """`rows`: those that count, in order of time."""
    by_period = dict.fromkeys(tariff.names, 0)
    apart = 0
    before_s = None
    for row in rows:
        if row.delta is None:
            continue
        if row.start_s is None:
            apart += row.delta
            continue
        end_s = row.start_s + row.period_s
        from_s = row.start_s if before_s is None else min(before_s, row.start_s)
        if from_s >= tariff.effective_s and tariff.next_change_s(from_s, end_s) == end_s:
            by_period[tariff.names[tariff.period(from_s)]] += row.delta
        else:
            apart += row.delta
        before_s = end_s
    return Rates(channel, unit, by_period, apart)
