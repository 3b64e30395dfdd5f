"""Sizes: every compiled module is counted once, and growth beyond a hundredth is told."""

import json
from pathlib import Path

import pytest

from tools import size
from tools.build import build

BOARD = "esp32_devkit"


@pytest.fixture
def figures_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Without the life that it takes to measure it; with figures of its own."""
    monkeypatch.setattr(size, "heap_bytes", lambda board: 50_000)
    monkeypatch.setattr(size, "MICROPYTHON", Path(__file__))
    monkeypatch.setattr(size, "BASELINE", tmp_path / "size.json")
    return tmp_path / "size.json"


def test_every_module_is_counted_once() -> None:
    modules = size.sizes(BOARD)
    assert {"app", "lib.leak", "journal.__init__", "board"} <= modules.keys()
    files = build(BOARD).rglob("*.mpy")
    assert sum(modules.values()) == sum(path.stat().st_size for path in files)


def test_growth_beyond_a_hundredth_is_told(figures_file: Path) -> None:
    assert size.main([BOARD, "--commit"]) == 0
    assert size.main([BOARD]) == 0
    known = json.loads(figures_file.read_text())
    known[BOARD][size.HEAP] = 49_400
    figures_file.write_text(json.dumps(known))
    assert size.main([BOARD]) == 1
    known[BOARD][size.HEAP] = 49_600
    figures_file.write_text(json.dumps(known))
    assert size.main([BOARD]) == 0


def test_the_figures_that_were_committed_hold() -> None:
    known = json.loads(size.BASELINE.read_text())
    for board, figures in known.items():
        total = {size.MODULES: sum(size.sizes(board).values())}
        assert not size.has_grown(total, figures), "`make size COMMIT=1`, if it is meant"
