"""Which installations a technician had examined, and with which result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

import tools.firmware_path  # noqa: F401  (the last import is the firmware's)
from tools.headend.ledger import Ledger
from tools.headend.plain import plain
from tools.headend.utc import utc

from lib import short_code  # isort: skip


@dataclass(frozen=True)
class Examination:
    """code: what the technician was shown. time_s: unix seconds; None: not known. failed: names
    of what was not good, of those that were looked at.
    """

    collector: str
    seq: int
    time_s: int | None
    code: str
    looked_at: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Nothing was wrong."""
        return not self.failed


def records(ledger: Ledger) -> list[Examination]:
    """Of all collectors, each in the order of its journal."""
    found = []
    for collector in ledger.collectors():
        for event in ledger.events(collector):
            checked, failed = event.detail.get("checked"), event.detail.get("failed")
            if event.type != "commissioned" or not (
                isinstance(checked, int) and isinstance(failed, int)
            ):
                continue
            code = short_code.of(collector, event.seq, event.boot & 0xFFFF, checked, failed)
            looked_at, wrong = _named(checked), _named(failed)
            found.append(Examination(collector, event.seq, event.time_s, code, looked_at, wrong))
    return found


def numbers(each: Examination, sites: Mapping[str, str]) -> dict[str, Any]:
    """Made of what JSON can carry. sites: as in sites.py."""
    return {
        "collector": each.collector,
        "site": sites.get(each.collector),
        "seq": each.seq,
        "time": each.time_s,
        "code": each.code,
        "passed": each.passed,
        "looked_at": list(each.looked_at),
        "failed": list(each.failed),
    }


def table(found: list[Examination], sites: Mapping[str, str]) -> Table:
    """One row an examination; with its site, where any is known."""
    grid = Table(title="installations that were examined, UTC", box=SIMPLE, collapse_padding=True)
    grid.add_column("collector", no_wrap=True)
    if sites:
        grid.add_column("site", overflow="fold")
    for heading in ("time", "code", "verdict"):
        grid.add_column(heading, no_wrap=True)
    grid.add_column("not good", overflow="fold")
    for each in found:
        when = "not known" if each.time_s is None else utc(each.time_s)
        verdict = "PASS" if each.passed else "FAIL"
        site = [Text(plain(sites.get(each.collector, "not known")))] * bool(sites)
        grid.add_row(each.collector, *site, when, each.code, verdict, ", ".join(each.failed))
    return grid


def _named(bits: int) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(short_code.CHECKS.split()) if bits >> bit & 1)
