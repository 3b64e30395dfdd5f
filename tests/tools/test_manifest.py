"""A MicroPython that is built with a board's manifest.py has the firmware that an image of that
board has.

MicroPython's build executes the manifests (docs.micropython.org, "MicroPython manifest files");
what they call is replaced here by functions that do what is written there.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check import tree
from tests.vm import ROOT
from tools import boards, build

STOCK = "$(PORT_DIR)/boards/manifest.py"  # what is frozen into every ESP32's


class Build:
    """What is frozen: source by the name in flash. stock: manifests of MicroPython's own that were
    included; required: packages of micropython-lib.
    """

    def __init__(self, manifest: Path) -> None:
        self.frozen: dict[str, Path] = {}
        self.stock: list[str] = []
        self.required: list[str] = []
        self._folder = manifest.parent
        self.include(manifest.name)

    def include(self, path: str) -> None:
        """Execute another manifest; paths in it are seen from where it lies."""
        if path.startswith("$"):
            self.stock.append(path)
            return
        before, manifest = self._folder, (self._folder / path).resolve()
        functions: dict[str, Callable[..., None]] = {
            function.__name__: function
            for function in (self.include, self.require, self.freeze, self.module)
        }
        self._folder = manifest.parent
        exec(compile(manifest.read_text(encoding="utf-8"), manifest, "exec"), dict(functions))
        self._folder = before

    def require(self, name: str) -> None:
        """Add a package of micropython-lib."""
        self.required.append(name)

    def freeze(self, path: str) -> None:
        """Add all Python files below the folder."""
        folder = (self._folder / path).resolve()
        for source in folder.rglob("*.py"):
            self._add(source.relative_to(folder).as_posix(), source)

    def module(self, name: str) -> None:
        """Add one file."""
        self._add(name, self._folder / name)

    def _add(self, name: str, source: Path) -> None:
        assert name not in self.frozen, f"{name} is frozen twice"
        assert source.is_file(), f"there is no {source}"
        self.frozen[name] = source


def wanted(board: str) -> dict[str, Path]:
    """The Python files of an image: source by place."""
    return {
        place.as_posix(): source
        for place, source in build.files(board).items()
        if place.suffix == ".py"
    }


@pytest.mark.parametrize("board", boards.names())
def test_frozen_is_what_an_image_has(board: str) -> None:
    made = Build(ROOT / "boards" / board / "manifest.py")
    assert made.frozen == wanted(board)
    assert {"boot.py", "main.py", "board.py", "lib/frame.py"} <= made.frozen.keys()
    # Those compile: test_mpy_cross.py.
    assert set(made.frozen.values()) <= set(tree.python_files("firmware", "boards"))
    assert made.stock == [STOCK]
    assert made.required == ["umqtt.simple"]


def test_a_module_that_is_left_out_is_missing(tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns("once.py", "__pycache__")
    for folder in ("firmware", "boards"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=left_out)
    made = Build(tmp_path / "boards" / "esp32_devkit" / "manifest.py")
    assert wanted("esp32_devkit").keys() - made.frozen.keys() == {"once.py"}


@pytest.mark.parametrize("board", boards.names())
def test_no_folder_of_data_hides_a_frozen_package(board: str) -> None:
    # The file system comes before what is frozen (sys.path), and a folder with the name of a
    # package is taken for it, whatever is in there (py/builtinimport.c).
    places = build.files(board)
    folders = {
        place.parts[0] for place in places if place.suffix != ".py" and len(place.parts) > 1
    }
    modules = {place.parts[0].removesuffix(".py") for place in places if place.suffix == ".py"}
    assert {"profiles"} <= folders and {"words", "lib"} <= modules
    assert not (folders | {"site"}) & modules
