"""Modules as they are written and as the build makes them, on 32-bit MicroPython."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.vm import MICROPYTHON
from tools.build import compile_module


def said_by(folder: Path, main: str, sources: Mapping[str, str], made: Mapping[str, str]) -> tuple:
    """What the module `main` prints as one of the `sources`, and as one of those that were made of
    them and compiled.
    """
    for name, source in sources.items():
        written = folder / "source" / f"{name}.py"
        written.parent.mkdir(exist_ok=True)
        written.write_text(source)
    (folder / "image").mkdir()
    for name, source in made.items():
        compile_module(name, source, folder / "image" / f"{name}.mpy")
    return _printed(folder / "source", main), _printed(folder / "image", main)


def _printed(folder: Path, main: str) -> str:
    command = [str(MICROPYTHON), "-c", f"import {main}"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, timeout=20
    ).stdout
