"""The project's own files, as the checks read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.vm import ROOT

CODE = ("firmware", "boards", "host_sim", "tools", "tests")
_NOT_OURS = {".git", ".venv", ".cache", ".hypothesis", ".pytest_cache", ".ruff_cache"}
_NOT_OURS |= {"build", "__pycache__"}


def text_files() -> list[Path]:
    """Every file that could be committed."""
    return sorted(_below(ROOT))


def python_files(*folders: str) -> list[Path]:
    """The Python files of the given top folders; without any, of all."""
    return sorted(
        path
        for folder in folders or CODE
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def name(path: Path) -> str:
    """The path as it is written in the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), name(path))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_OURS:
            continue
        if path.is_dir():
            yield from _below(path)
        else:
            yield path
