"""The bench of the heap at a tiny size: the figures are there and agree with one another."""

import pytest
from rich.console import Console

from host_sim.scenario import ESP32_HEAP_BYTES
from tests import vm as vms
from tools.bench import heap
from tools.bench.bench import Progress


@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
def test_the_figures_agree_with_one_another() -> None:
    results = heap.measure(Progress(Console(quiet=True)), heap.Size(days=3, away_days=1))
    figures = results["heap"]
    assert figures["used_at_most"] + figures["low_water_free"] == ESP32_HEAP_BYTES
    assert 0 < figures["boot_used"] <= figures["used_at_most"]
    assert figures["restarts"] == 0
    assert len(heap.tables(results)) == 1
    told = {each["figure"] for each in heap.verdicts(results)}
    assert told >= {"heap.used_at_most", "heap.low_water_free", "heap.growth_30_days"}


def test_without_the_interpreter_there_is_nothing_to_tell(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr("tools.bench.heap.MICROPYTHON", tmp_path / "none")
    results = heap.measure(Progress(Console(quiet=True)))
    assert heap.tables(results) == heap.verdicts(results) == []
