"""What is flashed is what the sources and the steps of the build say."""

import pytest

from tools import build
from tools.mpy import read
from tools.rom import build_rom

BOARD = "esp32_devkit"


def test_another_step_is_another_image(monkeypatch: pytest.MonkeyPatch) -> None:
    # An image that was built before a step was changed must not be taken for the present one.
    before = build.build(BOARD)
    monkeypatch.setattr(build, "STEPS", (*build.STEPS, "identity.py"))
    after = build.build(BOARD)
    assert before != after
    assert build.build(BOARD) == after


def test_the_image_has_no_private_names() -> None:
    # They would be in the heap of the chip, with all their characters.
    names = {
        name
        for path in build.build(BOARD).rglob("*.mpy")
        for name in read(path.read_bytes()).names
        if name.startswith("_") and not name.startswith("__")
    }
    assert {"_0", "_1"} < names
    assert {name for name in names if not name[1:].isdecimal()} == set()


def test_code_in_flash_is_the_same_code() -> None:
    # The two figures of the heap are of one firmware.
    rom = build_rom(BOARD).read_bytes()
    modules = list(build.build(BOARD).rglob("*.mpy"))
    assert len(modules) > 40
    assert all(path.read_bytes() in rom for path in modules)
