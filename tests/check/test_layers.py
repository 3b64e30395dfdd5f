"""The layers of the firmware: who may import whom, and what only one layer may know.

ARCHITECTURE.md explains them. A rule that no test enforces is a wish; and a checker that accepts
everything enforces nothing, so bad snippets are fed to it too.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.check import tree

LIB, DRIVERS, STATE, BOOKS, SERVICE, APP = range(6)
LAYER = {
    "lib": LIB,
    "drivers": DRIVERS,
    "books": BOOKS,
    "replay": STATE,
    "journal": STATE,
    "config": BOOKS,
    "amendment": BOOKS,
    "settings_table": LIB,
    "clock": STATE,
    "once": LIB,
    "installation": APP,
    "resumption": APP,
    "trim": APP,
    "options": APP,
    "extras": APP,
    "collector": SERVICE,
    "uplink": SERVICE,
    "commands": SERVICE,
    "live": SERVICE,
    "homeassistant": SERVICE,
    "feed": BOOKS,
    "console": APP,
    "words": APP,
    "update": SERVICE,
    "health": SERVICE,
    "timekeeper": SERVICE,
    "pulses": SERVICE,
    "readings": SERVICE,
    "approval": SERVICE,
    "guard": SERVICE,
    "voltages": SERVICE,
    "shutoff": SERVICE,
    "rates": SERVICE,
    "leaks": SERVICE,
    "leak_watches": APP,
    "inputs": BOOKS,
    "esp32_board": APP,
    "app": APP,
    "assembly": APP,
    "boot": APP,
    "safemode": APP,
    "main": APP,
    "boards": APP,
    "board": APP,
}
MEET = {LIB, APP}  # layers whose modules may import one another
NEAR_HARDWARE = {"board", "boards", "boot", "drivers", "esp32_board", "safemode"}

PURE = {
    "array",
    "binascii",
    "collections",
    "errno",
    "hashlib",
    "io",
    "json",
    "micropython",
    "struct",
}
HARDWARE = {"bluetooth", "esp", "esp32", "machine", "network", "neopixel", "onewire", "vfs"}
EPOCHS = {"gmtime", "localtime", "mktime", "time", "time_ns"}


def violations(where: str, source: str) -> list[str]:
    """What the file `where` (as "drivers/pulse.py", below firmware/) does against the rules."""
    module = ast.parse(source)
    found = [*_imports_against(where, module), *_not_integer(module)]
    if where != "clock.py":
        found += _wall_time(module)
    if re.search(r"simulat|sys\.(platform|implementation)|os\.uname", source):
        found.append("asks or says where it runs")
    return [f"{where}: {problem}" for problem in found]


def imported(module: ast.AST) -> Iterator[str]:
    """The full names of the modules that are imported anywhere in the file."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def _imports_against(where: str, module: ast.AST) -> Iterator[str]:
    part = where.removesuffix(".py").split("/")[0]
    if part not in LAYER:
        yield "has no layer yet: give it one in tests/check/test_layers.py"
        return
    for name in imported(module):
        top = name.split(".")[0]
        if top in LAYER:
            if not _may_import(part, top):
                yield f"imports {name}, which is not below it"
        elif part == "lib" and top not in PURE:
            yield f"imports {name}: lib is pure"
        elif top in HARDWARE and part not in NEAR_HARDWARE:
            yield f"imports {name}: hardware is for boot.py, boards and drivers"
        elif top == "ntptime":
            yield "imports ntptime, which stops the interpreter: drivers/datagrams.py"


def _may_import(part: str, top: str) -> bool:
    """Down, or within a package (but a driver is one thing: it does not know another)."""
    if part == top:
        return part != "drivers"
    return LAYER[top] < LAYER[part] or (LAYER[top] == LAYER[part] and LAYER[part] in MEET)


def _wall_time(module: ast.AST) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "time":
            names = {node.attr}
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            names = {alias.name for alias in node.names}
        else:
            continue
        yield from (f"uses time.{name}: wall time is for clock.py" for name in names & EPOCHS)


def _not_integer(module: ast.AST) -> Iterator[str]:
    """The chip's floats have 24 bits: a register beyond 16 million would lose its last units."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"line {node.lineno}: the float {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield f"line {node.lineno}: float"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            yield f"line {node.lineno}: a division that makes a float"


def test_imports_go_down() -> None:
    """Every firmware and board file keeps to its layer, to integers, and does not know time."""
    found = []
    for path in tree.python_files("firmware", "boards"):
        where = tree.name(path).removeprefix("firmware/")
        found += violations(where, path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


def test_models_share_no_code_with_the_firmware() -> None:
    """An emulator that shares the code under test agrees with its mistakes."""
    found = [
        f"{tree.name(path)} imports {name}"
        for path in tree.python_files("host_sim")
        if "models" in path.parts
        for name in imported(tree.parse(path))
        if name.split(".")[0] in {*LAYER, "firmware"}
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("lib/crc.py", "import time"),
        ("lib/crc.py", "from drivers import pulse"),
        ("lib/crc.py", "def f():\n    import machine"),
        ("drivers/pulse.py", "import drivers.wifi"),
        ("drivers/pulse.py", "from journal import Journal"),
        ("journal.py", "from machine import Pin"),
        ("journal.py", "import config"),
        ("journal/ring.py", "import books"),
        ("collector.py", "import uplink"),
        ("collector.py", "import app"),
        ("collector.py", "import time\nnow = time.time()"),
        ("uplink.py", "from time import gmtime"),
        ("uplink.py", "import ntptime"),
        ("app.py", "import esp32"),
        ("app.py", "import sys\nif sys.platform == 'linux': pass"),
        ("app.py", "if simulator: pass"),
        ("lib/decode.py", "SCALE = 0.1"),
        ("lib/decode.py", "half = 1 / 2"),
        ("lib/decode.py", "x = 4\nx /= 2"),
        ("lib/decode.py", "x = float('1')"),
        ("utility.py", "pass"),
    ],
)
def test_the_checker_can_fail(where: str, source: str) -> None:
    """Each of these breaks exactly one rule, and is found."""
    assert len(violations(where, source)) == 1


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("lib/crc.py", "import struct\nfrom lib import varint"),
        ("drivers/pulse.py", "import time\nfrom machine import Counter\nnow_ms = time.ticks_ms()"),
        ("journal/ring.py", "from journal.tail import Tail"),
        ("clock.py", "import time\nnow = time.time()"),
        ("collector.py", "from lib import interval\nfrom journal import Journal\nimport asyncio"),
        ("main.py", "import app"),
        ("boards/devkit/board.py", "import machine\nfrom drivers import modbus"),
        ("lib/decode.py", "half = 5 // 2"),
    ],
)
def test_the_checker_can_pass(where: str, source: str) -> None:
    """What the layers allow is allowed."""
    assert violations(where, source) == []
