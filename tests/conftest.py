"""pytest's set-up: plain test files run on both Pythons, and what could not be tested is named.

A plain test file lies in tests/lib/, or says `BOTH_VMS = True`: functions `test_*` without
arguments, `assert`, and nothing imported but what both Pythons have. pytest runs it on CPython as
usual; `MicroPythonFile` adds each function a second time as `test_x[micropython]`, all of a file
in one fresh 32-bit interpreter. `HEAP_KIB = n` in the file gives that interpreter another heap
than an ESP32's.

Whatever collector and head-end publish in a simulation is held against the contract
(tools/asyncapi.yaml): a test that saw a message against it fails.

`long_on_micropython` marks lives whose like is lived on MicroPython by another test, shorter, and
tells of which parameters where not of all; there `--long` wants them, too. `long` marks what is
long on any interpreter, and whose like is tested elsewhere, shorter.
"""

import ast
import importlib.util
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import vm as vms
from tests.overheard import Overheard

_LIB = Path(__file__).parent / "lib"
_FRAME = re.compile(r'File "(?P<path>[^"]+)", line (?P<line>\d+)')


def _load_micropython_module() -> None:
    """Give CPython the module `micropython` (`const`), but not the shims that hide its own."""
    shim = vms.SHIMS / "micropython.py"
    if "micropython" in sys.modules or not shim.exists():
        return
    spec = importlib.util.spec_from_file_location("micropython", shim)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["micropython"] = module
    spec.loader.exec_module(module)


_load_micropython_module()


@pytest.fixture(params=vms.VMS)
def vm(request: pytest.FixtureRequest) -> str:
    """The Python that the firmware runs on: "cpython", then "micropython" where there is one."""
    if request.param == "micropython" and not vms.have_micropython():
        pytest.skip(vms.NO_MICROPYTHON)
    return request.param


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server (tools.postgres.Postgres) on a socket of its own."""
    from tools.postgres import Postgres, PostgresError

    try:
        server = Postgres.start()
    except PostgresError as error:
        pytest.skip(f"NOT TESTED with PostgreSQL: {error}")
    with server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a head-end may keep its ledger: a file, and a database where there is a server."""
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    return request.getfixturevalue("postgres").database()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test LONG=1`."""
    parser.addoption("--long", action="store_true", help="long lives on MicroPython, too")


def pytest_configure(config: pytest.Config) -> None:
    """Names our mark."""
    config.addinivalue_line("markers", "long_on_micropython: there only with --long")
    config.addinivalue_line("markers", "long_where: with these parameters only with --long")
    config.addinivalue_line("markers", "long_twin: on CPython with --long, if MicroPython has it")
    config.addinivalue_line("markers", "long: only with --long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what --long wants."""
    if config.getoption("--long"):
        return
    left_out = [item for item in items if _is_long(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_long(item)]


def _is_long(item: pytest.Item) -> bool:
    if item.get_closest_marker("long"):
        return True
    params = dict(getattr(getattr(item, "callspec", None), "params", {}))
    left_out = [mark.kwargs for mark in item.iter_markers("long_where")]
    left_out += [
        {"vm": "micropython", **mark.kwargs} for mark in item.iter_markers("long_on_micropython")
    ]
    if any(each.items() <= params.items() for each in left_out):
        return True
    if params.get("vm") != "cpython" or not item.get_closest_marker("long_twin"):
        return False
    if not vms.have_micropython():
        return False
    twin = {**params, "vm": "micropython"}
    return not any(each.items() <= twin.items() for each in left_out)


_overheard = Overheard()


@pytest.fixture(scope="session", autouse=True)
def overheard() -> Iterator[Overheard]:
    """Listens before any fixture simulates, of whatever scope."""
    with pytest.MonkeyPatch.context() as patch:
        _overheard.listen(patch.setattr)
        yield _overheard


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """What its fixtures and the test itself made collector and head-end say was right."""
    try:
        yield
    finally:  # what is left would be the next test's
        wrong = _overheard.take()
    assert not wrong, "\n".join(["said against tools/asyncapi.yaml:", *wrong[:10]])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a plain test file a second time, for MicroPython."""
    if not (file_path.name.startswith("test_") and file_path.suffix == ".py"):
        return None
    source = file_path.read_text(encoding="utf-8")
    if file_path.parent != _LIB and not re.search(r"^BOTH_VMS = True", source, re.MULTILINE):
        return None
    return MicroPythonFile.from_parent(parent, path=file_path)


class MicroPythonFile(pytest.File):
    """A plain test file, run in one interpreter when the first of its functions is."""

    outcomes: dict[str, vms.Outcome] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """One item per function; a file that CPython cannot parse is reported there, not here."""
        for node in self._statements():
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield MicroPythonItem.from_parent(
                    self, name=f"{node.name}[micropython]", function=node
                )

    def outcome(self, name: str) -> vms.Outcome:
        """What became of the function `name`; the first call runs all selected ones."""
        if self.outcomes is None:
            items = [item for item in self.session.items if isinstance(item, MicroPythonItem)]
            selected = [item.function_name for item in items if item.parent is self]
            self.outcomes = vms.run_plain(self.path, selected, self._heap_kib())
        return self.outcomes[name]

    def _heap_kib(self) -> int:
        for node in self._statements():
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HEAP_KIB":
                return ast.literal_eval(node.value)
        return vms.HEAP_KIB

    def _statements(self) -> list[ast.stmt]:
        try:
            return ast.parse(self.path.read_text(encoding="utf-8")).body
        except SyntaxError:
            return []


class MicroPythonItem(pytest.Item):
    """One function of a plain test file, on MicroPython."""

    def __init__(self, *, function: ast.FunctionDef, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.function_name = function.name
        self._line = function.lineno

    def runtest(self) -> None:
        """Pass, skip, or fail with MicroPython's own traceback."""
        if not vms.have_micropython():
            pytest.skip(vms.NO_MICROPYTHON)
        assert isinstance(self.parent, MicroPythonFile)
        outcome = self.parent.outcome(self.function_name)
        if outcome.output:
            self.add_report_section("call", "stdout", outcome.output)
        if outcome.failure is not None:
            pytest.fail(_with_source(outcome.failure), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the function stands."""
        return self.path, self._line - 1, self.name


def _with_source(traceback: str) -> str:
    """MicroPython's traceback, which has no source lines, with the source lines."""
    lines = []
    for line in traceback.splitlines():
        lines.append(line)
        if frame := _FRAME.search(line):
            lines.append("    " + linecache.getline(frame["path"], int(frame["line"])).strip())
    return "\n".join(lines)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in capitals what this machine could not test."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        reasons = {report.longrepr[2].removeprefix("Skipped: ") for report in skipped}
        terminalreporter.section(
            f"NOT TESTED HERE: {len(skipped)}", sep="!", yellow=True, bold=True
        )
        for reason in sorted(reasons):
            terminalreporter.line(reason, yellow=True)
