"""`make bench` at the Modbus wire, at tiny sizes: every figure is there, the targets are derived
from the driver's own defaults, and a driver that breaks its word shows.
"""

import inspect
import io
from typing import Any

import pytest
from rich.console import Console

from tests import vm as vms
from tests.drivers.wire import modbus as driver
from tools.bench import modbus
from tools.bench.bench import Progress
from tools.bench.flash import BenchError
from tools.bench.wire import run_on_wire

TINY = modbus.Size(reads=20, stall_reads=3, settle_s=130, dead_s=60)
TASK = {
    "peer": "",
    "baud_bps": 9600,
    "words": 2,
    "dead": 0,
    "tick": 0,
    "warm_up_s": 0,
    "seconds": 0,
}
pytestmark = pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """The driver, a few reads of everything."""
    return modbus.measure(Progress(Console(quiet=True)), TINY)


@pytest.mark.long
def test_every_figure_is_there_and_possible(measured: dict[str, Any]) -> None:
    figures = measured["modbus"]
    assert figures.keys() >= {each.key for each in modbus.FIGURES}
    for key in ("utilisation_9600_10regs", "utilisation_19200_40regs"):
        assert 0 < figures[key] <= 100
    assert figures["frames"] > 2 * TINY.reads + len(modbus.STALL_BPS) * TINY.stall_reads
    # A request of 8 characters at 9600 bit/s is sent without a pause: that long nobody else runs.
    assert figures["max_stall_ms"] > 8


def test_a_dead_slave_costs_most_at_first(measured: dict[str, Any]) -> None:
    figures = measured["modbus"]
    one_timeout_ms = modbus.dead_slave_ms_per_minute()
    assert figures["dead_slave_cost_ms_per_minute"] > 0.9 * one_timeout_ms
    assert figures["dead_slave_first_minute_ms"] > 5 * figures["dead_slave_cost_ms_per_minute"]


def test_the_targets_are_those_of_the_driver_s_defaults() -> None:
    defaults = inspect.signature(driver.ModbusMaster).parameters
    assert defaults["timeout_ms"].default == modbus.TIMEOUT_MS
    assert defaults["backoff_limit_ms"].default == modbus.BACKOFF_LIMIT_MS
    assert defaults["char_bits"].default == modbus.CHARACTER_BITS
    # 300 ms, and 8 + 25 characters of 1.0417 ms
    assert modbus.dead_slave_ms_per_minute() == pytest.approx(334.375)


def test_a_table_for_people(measured: dict[str, Any]) -> None:
    console = Console(record=True, file=io.StringIO(), width=120)
    worse = {"modbus": {**measured["modbus"], "gap_violations": 3}}
    for table in modbus.tables(worse):
        console.print(table)
    assert "3 missed" in console.export_text()
    missed = [each["figure"] for each in modbus.verdicts(worse) if not each["met"]]
    assert "modbus.gap_violations" in missed


def test_a_peer_is_a_column_when_it_was_measured(measured: dict[str, Any]) -> None:
    def titles(results: dict[str, Any]) -> list[str]:
        (table,) = modbus.tables(results)
        return [str(column.header).replace("\n", "") for column in table.columns]

    ours = {"modbus": measured["modbus"]}
    assert titles(ours) == ["", "target", "driver", "ESPHome,not measured"]
    assert titles({**ours, modbus.PEER_NAME: measured["modbus"]})[3] == modbus.PEER_NAME


@pytest.mark.skipif(not modbus.UMODBUS.is_dir(), reason="umodbus: `make bench` fetches it")
def test_the_peer_holds_up_everybody(measured: dict[str, Any]) -> None:
    # It waits without asyncio: a read of a dead slave is one long stall.
    peer, ours = measured[modbus.PEER_NAME], measured["modbus"]
    assert peer.keys() == ours.keys()
    assert peer["max_stall_ms"] > 10 * ours["max_stall_ms"]
    assert peer["dead_slave_cost_ms_per_minute"] > 10 * ours["dead_slave_cost_ms_per_minute"]


def test_the_line_is_judged_by_the_world_not_by_the_program() -> None:
    # The slave thinks for 10 ms; then reads take longer, and the silence is kept all the same.
    fast, slow = (run_on_wire("modbus.py", {**TASK, "reads": 10}, (1,), us) for us in (0, 10_000))
    assert slow.told["elapsed_us"] > fast.told["elapsed_us"] + 10 * 5000
    assert (slow.frames, slow.gap_violations) == (10, 0)


def test_a_program_that_dies_is_an_error_with_its_reason() -> None:
    with pytest.raises(BenchError, match="ModbusTimeout"):
        run_on_wire("modbus.py", {**TASK, "reads": 1}, ())
