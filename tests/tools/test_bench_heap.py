"""The bench of the heap at a tiny size: the figures are there and agree with one another."""

import pytest
from rich.console import Console

from host_sim.scenario import ESP32_HEAP_BYTES
from tests import vm as vms
from tools.bench import heap
from tools.bench.bench import Progress


@pytest.mark.long
@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
def test_the_figures_agree_with_one_another() -> None:
    results = heap.measure(Progress(Console(quiet=True)), heap.Size(days=1, away_days=0))
    stock, in_flash = results["heap"], results["heap_code_in_flash"]
    assert stock["limit"] == 2 * in_flash["limit"] == ESP32_HEAP_BYTES
    for figures in (stock, in_flash):
        assert 0 < figures["boot_used"] <= figures["limit"] - figures["low_water_free"]
        assert figures["failures"] == 0
    assert in_flash["boot_used"] < stock["boot_used"] * 2 // 3
    assert len(heap.tables(results)) == 1
    told = {each["figure"] for each in heap.verdicts(results)}
    assert told >= {"heap.low_water_free", "heap_code_in_flash.growth_30_days"}


def test_without_the_interpreter_there_is_nothing_to_tell(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr("tools.bench.heap.MICROPYTHON", tmp_path / "none")
    results = heap.measure(Progress(Console(quiet=True)))
    assert heap.tables(results) == heap.verdicts(results) == []
