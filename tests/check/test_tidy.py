"""The project keeps to its own limits. What ruff can check, ruff does (test_style.py)."""

import ast
import re
from pathlib import Path

import pytest

from tests.check import tree

FILE_LINES = 250
FUNCTION_LINES = 70
VAGUE = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
# Nobody's: loopback, unset, masks, and the blocks kept for documentation (RFC 5737).
HARMLESS = re.compile(r"127\.|224\.0\.0\.|0\.|255\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.")
IP_ADDRESS = re.compile(r"(?<=[\"'/@])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")

# What, and why not. The patterns are written so that they do not match themselves.
BANNED = {
    r"TO[D]O|FIX[M]E|XX[X]": "a note to oneself: do it, or file it",
    r"[\"'\s(]/(?:[w]ork|[r]oot|[h]ome)/": "a path of one machine",
    r"(?:[p]ypi|pythonhost[e]d|[n]pmjs|deb[i]an|ub[u]ntu)\.(?:org|com)": "the host of a registry",
}
BANNED_IN_CODE = {
    r"Magic[M]ock|unittest\.[m]ock": "a mock that accepts every typo: use the simulated hardware",
    r"ticks_m[s]\(\) *[<>]|[<>] *(?:time\.)?ticks_m[s]\(\)": "ticks wrap: use ticks_diff",
}
BANNED_IN_TESTS = {r"time\.sle[e]p\(": "a test that sleeps: wait for the event, or simulate"}


def test_files_are_short() -> None:
    """A file is read in one sitting: it has one noun and at most 250 lines."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code()}
    found = [f"{tree.name(path)}: {n} lines" for path, n in lengths.items() if n > FILE_LINES]
    assert not found, "\n".join(found)


def test_functions_are_short() -> None:
    """A function fits on a screen."""
    found = [
        f"{tree.name(path)}:{node.lineno}: {node.name} has {length} lines"
        for path in code()
        for node in ast.walk(tree.parse(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not found, "\n".join(found)


def test_names_say_something() -> None:
    """No drawer for what found no place."""
    found = [tree.name(path) for path in code() if VAGUE & set(path.stem.lower().split("_"))]
    found += [
        f"{tree.name(path)}: class {node.name}"
        for path in code()
        for node in ast.walk(tree.parse(path))
        if isinstance(node, ast.ClassDef)
        if VAGUE & {word.lower() for word in re.findall(r"[A-Z][a-z]+", node.name)}
    ]
    assert not found, "\n".join(found)


def test_nothing_banned() -> None:
    """No mocks, no sleeping tests, no notes to oneself, nothing that belongs to one machine."""
    found = []
    for path in tree.text_files():
        source = path.read_text(encoding="utf-8")
        rules = dict(BANNED)
        if path.suffix == ".py":
            rules |= BANNED_IN_CODE
        if tree.name(path).startswith("tests/"):
            rules |= BANNED_IN_TESTS
        found += matches(path, source, rules)
    assert not found, "\n".join(found)


def test_addresses_are_loopback() -> None:
    """No address that could be somebody's: loopback, or the blocks kept for documentation."""
    found = [
        f"{tree.name(path)}: {address}"
        for path in tree.text_files()
        for address in IP_ADDRESS.findall(path.read_text(encoding="utf-8"))
        if not HARMLESS.match(address)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ["drivers", "lib"])
def test_every_module_is_tested_by_name(folder: str) -> None:
    """A driver or a library module without a test file that imports it does not exist yet."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in tree.python_files("tests"))
    imports = "\n".join(line for line in tests.splitlines() if "import" in line)
    modules = [path.stem for path in tree.python_files(f"firmware/{folder}")]
    untested = [m for m in modules if m != "__init__" and not re.search(rf"\b{m}\b", imports)]
    assert not untested, f"no test imports {', '.join(untested)}"


def matches(path: Path, source: str, rules: dict[str, str]) -> list[str]:
    """Where `source` has something that the `rules` ban."""
    return [
        f"{tree.name(path)}:{source.count(chr(10), 0, match.start()) + 1}: {why}"
        for pattern, why in rules.items()
        for match in re.finditer(pattern, source)
    ]


def code() -> list[Path]:
    """The project's Python files."""
    return tree.python_files()


def test_the_checker_can_fail() -> None:
    """Each kind of banned text is found."""
    texts = ["x = 1  # TO" + "DO", "open('/wor" + "k/x')", "from unittest.mo" + "ck import patch"]
    texts += ["if ticks_m" + "s() > end:", "time.sle" + "ep(1)", "https://pyp" + "i.org/simple"]
    rules = BANNED | BANNED_IN_CODE | BANNED_IN_TESTS
    assert all(len(matches(Path(__file__), text, rules)) == 1 for text in texts)
