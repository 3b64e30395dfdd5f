"""The runner of plain test files must fail when a test does, or both Pythons prove nothing."""

from pathlib import Path

import pytest

from tests import vm as vms

PLAIN = """
import sys

def test_passes():
    print("as it should")
    assert sys.maxsize == 2**31 - 1

def test_fails():
    assert 1 + 1 == 3, "arithmetic"

def test_needs_more_than_the_heap():
    bytearray(200_000)

def test_ends_the_interpreter():
    print("last words")
    sys.exit(0)

def test_after_the_end():
    from lib.crc16 import crc16
"""
NAMES = [line[4:-3] for line in PLAIN.splitlines() if line.startswith("def ")]

pytestmark = pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)


def test_each_function_has_its_own_outcome(tmp_path: Path) -> None:
    """A failure, an empty heap and an early exit are failures; what comes after still runs."""
    path = tmp_path / "test_plain.py"
    path.write_text(PLAIN)
    passed, failed, heap, ended, after = (vms.run_plain(path, NAMES)[name] for name in NAMES)
    assert (passed.failure, passed.output.strip()) == (None, "as it should")
    assert failed.failure is not None
    assert "line 9, in test_fails\nAssertionError: arithmetic" in failed.failure
    assert "MemoryError" in (heap.failure or "")
    assert "last words" in (ended.failure or "")
    assert after.failure is None


def test_a_file_that_does_not_load_fails_every_function(tmp_path: Path) -> None:
    """Not: no function, no failure."""
    path = tmp_path / "test_plain.py"
    path.write_text("import tkinter\n")
    outcomes = vms.run_plain(path, ["test_a", "test_b"])
    assert all("ImportError" in (outcome.failure or "") for outcome in outcomes.values())


def test_a_hanging_test_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the file runs in another interpreter."""
    monkeypatch.setattr(vms, "FILE_TIMEOUT_S", 0.2)
    path = tmp_path / "test_plain.py"
    path.write_text("def test_a():\n    while True:\n        pass\ndef test_b():\n    pass\n")
    outcomes = vms.run_plain(path, ["test_a", "test_b"])
    assert "was stopped" in (outcomes["test_a"].failure or "")
    assert outcomes["test_b"].failure is None
