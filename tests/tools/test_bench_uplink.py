"""The bench of the uplink at a tiny size: the figures are there and agree with one another. How
good they are is for the bench to print.
"""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests import vm as vms
from tools.bench import uplink
from tools.bench.bench import Progress
from tools.bench.flash import BenchError
from tools.bench.interpreter import run_in_real_time

TINY = uplink.Size(days=2, drains=2, hours=1, weighed_hours=1)
SIMPLE = uplink.PEERS["umqtt.simple"]
ROBUST = uplink.PEERS["umqtt.robust"]
needs_micropython = pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """Two days of backlog, and a few messages of each peer."""
    if not vms.have_micropython():
        pytest.skip(vms.NO_MICROPYTHON)
    return uplink.measure(Progress(Console(quiet=True)), TINY)


def test_the_figures_agree_with_one_another(measured: dict[str, Any]) -> None:
    ours, peer = measured["uplink"], measured[SIMPLE]
    assert ours["intervals"] == 2 * 24 * 4
    for figures in (ours, peer):
        assert figures["intervals_per_s_loopback"] > figures["intervals_per_s_50ms"] > 0
        assert figures["heap_peak"] > 0
    # A publication waits for its answer: a peer cannot be quicker than the line.
    assert peer["intervals_per_s_50ms"] < 20 < ours["intervals_per_s_50ms"]
    # A batch, its answers and the connection itself; the text alone takes more than 8.
    assert 8 < ours["bytes_per_interval"] < peer["bytes_per_interval"]


def test_a_table_for_people(measured: dict[str, Any]) -> None:
    worse = {**measured, "uplink": {**measured["uplink"], "intervals_per_s_50ms": 3999.9}}
    console = Console(record=True, file=io.StringIO(), width=120)
    for table in uplink.tables(worse):
        console.print(table)
    assert "4,000 missed" in console.export_text()
    told = {each["figure"]: each["met"] for each in uplink.verdicts(worse)}
    assert told["uplink.intervals_per_s_50ms"] is False
    assert "uplink.intervals_per_s_loopback" in told


def test_a_peer_is_a_column_when_it_was_measured(measured: dict[str, Any]) -> None:
    def titles(results: dict[str, Any]) -> list[str]:
        (table,) = uplink.tables(results)
        return [str(column.header) for column in table.columns][2:]

    without = {key: value for key, value in measured.items() if key != ROBUST}
    assert titles(without) == ["uplink", "umqtt.simple"]
    assert titles({**without, ROBUST: measured[SIMPLE]})[2] == "umqtt.robust"


@needs_micropython
def test_a_program_that_dies_is_an_error_with_its_reason(tmp_path: Path) -> None:
    empty = tmp_path / "journal"
    empty.touch()
    task = {"journal": str(empty)}
    with pytest.raises(BenchError, match="JournalError"):
        asyncio.run(run_in_real_time("uplink.py", task))


def test_drains_that_differ_are_no_figure() -> None:
    # A drain that was cut short, or had doubles, would be the fastest, or the slowest.
    told = {"elapsed_us": 1_000_000}
    whole, half = uplink.Drained(told, 96, 1000), uplink.Drained(told, 48, 500)
    with pytest.raises(BenchError, match=r"\[48, 96\]"):
        uplink._figures([whole], [half], {"heap_peak": 1})
