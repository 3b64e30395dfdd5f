"""What a frozen build has in flash beyond bytecode: heads of functions, the tables of names and
constants, and the constants themselves.

Where compiled modules merely lie in mapped flash, MicroPython makes these in the heap as it loads
them (py/persistentcode.c, mp_raw_code_load); where they are frozen in, they are const data
(MicroPython's tools/mpy-tool.py). The bench runs an image of ROMFS to stand for a frozen build; so
it counts what stays of them, and adds it to the limit. A head is wanted until its function is made
(py/emitglue.c): those of a module and of its classes are garbage when it has been loaded, and only
what is defined within a function stays.
"""

import ast
from collections.abc import Iterator

from tools import mpy
from tools.build import build, texts
from tools.constants import inlined

# Who stays from the start to the end in every collector, with what each imports as it is loaded.
# What is forgotten again, or wanted only where it is configured, is left out: a frozen build has
# more room than is told here.
SERVICES = (
    "app",
    "clock",
    "collector",
    "commands",
    "health",
    "pulses",
    "readings",
    "timekeeper",
    "uplink",
)
DRIVERS = ("drivers.broker", "drivers.modbus", "drivers.watchdog", "drivers.wifi")
# what MicroPython compiles to a function of its own
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_FUNCTIONS += (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def resident_bytes(board: str) -> int:
    """Of all modules that stay in the heap of a collector, whatever is configured."""
    folder, sources = build(board), inlined(texts(board))
    total = 0
    for name in resident(sources):
        path = folder / name.replace(".", "/")
        module = path / "__init__.mpy" if path.is_dir() else path.with_suffix(".mpy")
        total += mpy.read(module.read_bytes()).tables_bytes + heads_bytes(sources[name])
    return total


def heads_bytes(source: str) -> int:
    """Of the module: what its functions keep to make others with."""
    return sum(_kept_bytes(function) for function in _defined(ast.parse(source)))


def _kept_bytes(function: ast.AST) -> int:
    inner = list(_defined(function))
    heads = mpy.HEAD_BYTES * len(inner) + mpy.table_bytes(len(inner))
    return heads + sum(_kept_bytes(each) for each in inner)


def _defined(node: ast.AST) -> Iterator[ast.AST]:
    """The functions that are made when it runs, or what it is the body of."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            yield child
        else:
            yield from _defined(child)


def resident(sources: dict[str, str]) -> list[str]:
    """Names of the modules in `sources` that SERVICES and DRIVERS are, or import at once."""
    found: set[str] = set()
    waiting = [*SERVICES, *DRIVERS]
    while waiting:
        name = waiting.pop()
        if name in sources and name not in found:
            found.add(name)
            waiting += _imported(sources[name])
    return sorted(found)


def _imported(source: str) -> Iterator[str]:
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            yield statement.module
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)
