"""`make bench` at tiny sizes: every figure is there, and the figures agree with one another. How
good they are is for the bench to print, not for a test to assert.
"""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from host_sim import process
from tests import vm as vms
from tools.bench import __main__ as program
from tools.bench import journal, simulation
from tools.bench.bench import Progress
from tools.bench.figure import Figure
from tools.bench.flash import BenchError, run_on_flash

SUBJECTS = ("journal", "littlefs", "jsonlines")
PROMISED = {
    "bytes_per_interval",
    "erases_per_record",
    "write_amplification",
    "modelled_ms_per_record",
    "recovery_reads",
    "recovery_bytes",
    "max_append_ms",
    "capacity_days_4ch_960k",
}
TINY = journal.Size(
    ring_kib=64,
    hours=300,
    recoveries=8,
    file_recoveries=4,
    growth_kib=(64, 128),
    operation_days=1,
)
needs_micropython = pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """The journal and its peers, a few hundred hours of each."""
    if not vms.have_micropython():
        pytest.skip(vms.NO_MICROPYTHON)
    return journal.measure(Progress(Console(quiet=True)), TINY)


@pytest.mark.long
def test_every_promised_figure_is_there_and_positive(measured: dict[str, Any]) -> None:
    for subject in SUBJECTS:
        figures = measured[subject]
        assert figures.keys() >= PROMISED
        assert all(figures[key] > 0 for key in PROMISED), figures
    growth = measured["journal"]["recovery_growth"]
    assert [row["ring_kib"] for row in growth] == [64, 128]


@pytest.mark.long
def test_the_figures_agree_with_one_another(measured: dict[str, Any]) -> None:
    # An hour is a record of 16 bytes at least, and no store can need less flash than it stores;
    # an erase takes 37.142 ms, so the time cannot be less than the erases alone.
    for subject in SUBJECTS:
        figures = measured[subject]
        assert figures["bytes_per_interval"] >= 16 / 4
        assert figures["write_amplification"] > 1
        assert figures["modelled_ms_per_record"] > 37.142 * figures["erases_per_record"]
        assert figures["recovery_reads"] >= figures["recovery_reads_mean"]
    each_hour, alone = measured["journal_ack_each_hour"], measured["journal"]
    for key in ("bytes_per_interval", "erases_per_record", "programmed_per_record"):
        assert each_hour[key] > alone[key]
    in_operation = measured["journal_in_operation"]
    assert in_operation["bytes_per_interval_in_all"] > alone["bytes_per_interval"]
    assert in_operation["capacity_days_4ch_960k"] < alone["capacity_days_4ch_960k"]


@pytest.mark.long
def test_the_journal_erases_and_programs_less_than_its_peers(measured: dict[str, Any]) -> None:
    for peer in ("littlefs", "jsonlines"):
        for key in ("erases_per_record", "write_amplification", "modelled_ms_per_record"):
            assert measured["journal"][key] < measured[peer][key]


def test_the_ring_has_wrapped_before_anything_is_measured() -> None:
    # A fresh ring needs no erase: measured there, the journal would look better than it is.
    if not vms.have_micropython():
        pytest.skip(vms.NO_MICROPYTHON)
    task = journal._task(hours=1, ack_every=1, recoveries=1)
    run = run_on_flash("journal.py", task, 64 * 1024)
    assert run.costs["begin"][0].erases > 2
    assert [len(run.costs[word]) for word in ("append", "prepare", "ack")] == [1, 1, 1]
    assert len(run.costs["recover"]) == 3
    assert all(not cost.programs and not cost.erases for cost in run.costs["recover"])


def test_a_missed_target_is_told_in_table_file_and_last_line(
    measured: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = {**measured, "journal": {**measured["journal"], "recovery_reads": 21}}
    monkeypatch.setattr(journal, "measure", lambda progress: results)
    console = Console(record=True, file=io.StringIO(), width=120)
    for table in journal.tables(results):
        console.print(table)
    assert "21 missed" in console.export_text()
    output = tmp_path / "bench.json"
    assert program.main(["--only", "journal", "--output", str(output)]) == 0
    written = json.loads(output.read_text())
    told = {each["figure"]: each["met"] for each in written["targets"]}
    assert told["journal.recovery_reads"] is False
    assert "journal.recovery_reads" in program._last_line(written)


def test_targets_hold_on_their_edge() -> None:
    # The measured value counts, not the rounded one that is printed.
    at_most, at_least = Figure("a", "a", at_most=20), Figure("b", "b", at_least=400)
    assert at_most.met(20) and not at_most.met(20.001)
    assert at_least.met(400) and not at_least.met(399.999)
    assert (at_most.target(), at_least.target()) == ("≤ 20", "≥ 400")


@needs_micropython
def test_a_program_that_dies_is_an_error_with_its_reason() -> None:
    task = {**journal._task(ack_every=1, recoveries=0), "week": []}
    with pytest.raises(BenchError, match="ZeroDivisionError"):
        run_on_flash("journal.py", task, 64 * 1024)


def test_without_the_interpreter_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # No figures are better than those of another interpreter under the same name.
    monkeypatch.setattr(process, "MICROPYTHON", tmp_path / "micropython")
    output = tmp_path / "bench.json"
    assert program.main(["--only", "journal", "--output", str(output)]) == 1
    assert "no 32-bit MicroPython" in capsys.readouterr().err
    assert not output.exists()


@pytest.mark.long
@needs_micropython
def test_simulated_time_is_measured_on_both_interpreters() -> None:
    results = simulation.measure(
        Progress(Console(quiet=True)), simulation.Size(days=(1,), polls_s=(900,))
    )
    figures = results["sim"]
    assert {run["vm"] for run in figures["runs"]} == set(vms.VMS)
    for run in figures["runs"]:
        assert run["days_per_second"] * run["seconds"] == pytest.approx(1)
    assert figures["realtime_factor"] == pytest.approx(
        figures["days_per_second_micropython"] * 86_400
    )
    best = max(run["realtime_factor"] for run in figures["runs"])
    told = [each for each in simulation.verdicts(results) if "every_900_s" in each["figure"]]
    assert [each["measured"] for each in told] == [best]
    assert len(simulation.tables(results)) == 2
