"""Gives what modules of the firmware say of one another names of two letters before it is
compiled, the same in all of them: on the chip a name stays in the heap for good, with all its
characters, also that of a module which was there for a moment.

Only names that the firmware makes itself, and only where nobody else says them: neither the world
it runs in (`world()`), nor a string, an argument that is passed by name, or a file that goes onto
the board as it is written.
"""

import ast
import builtins
import importlib
import inspect
import keyword
import string
import sys
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType

from tools.build_error import BuildError
from tools.said import rename, said

ROOT = Path(__file__).resolve().parents[1]
# What stands in for MicroPython and the chip says all names of theirs that the firmware uses: it
# runs on them.
WORLD = ("host_sim/shims", "host_sim/asyncio")
UMQTT = """
MQTTClient MQTTException cb check_msg client_id connect disconnect keepalive lw_msg lw_qos
lw_retain lw_topic pid ping port pswd publish server set_callback set_last_will sock ssl ssl_params
subscribe user wait_msg
"""
# Names of things in MicroPython that no module of Python's own shows (such as a hash object's)
# and the stand-ins do not say; a test looks for more of them in MicroPython itself. They cost
# nothing there.
MICROPYTHON = "digest dump fill floor load requests seed"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAX_BYTES = 2


def shortened(
    sources: dict[str, str], as_written: tuple[str, ...] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Every module with short names, by the name it is imported by; and the short names by those
    of the source. as_written: modules that are not compiled.
    """
    trees = {name: _parsed(name, source) for name, source in sources.items()}
    taken: set[str] = set()
    kept = {part for name in trees for part in name.split(".")}
    made: set[str] = set()
    for name, tree in trees.items():
        nodes = list(ast.walk(tree))
        taken.update(*map(said, nodes))
        kept.update(*map(_kept, nodes))
        made.update(*map(_made, nodes))
        if name in as_written:
            kept.update(*map(said, nodes))
    wanted = sorted(each for each in made - kept - world() if _is_long(each))
    free = (each for each in _letters() if each not in taken | world())
    short = dict(zip(wanted, free, strict=False))
    return {name: _renamed(tree, short) for name, tree in trees.items()}, short


def renamed(name: str, source: str, short: dict[str, str]) -> str:
    """Another module, with these short names; BuildError where it says one of them by itself."""
    tree = _parsed(name, source)
    taken = {each for node in ast.walk(tree) for each in said(node)} & set(short.values())
    if taken:
        raise BuildError(f"{name}: says {', '.join(sorted(taken))}: a short name of the firmware")
    return _renamed(tree, short)


def _parsed(name: str, source: str) -> ast.Module:
    """Without the list of what a module has for others: on the board nobody asks."""
    tree = ast.parse(source, name)
    tree.body = [node for node in tree.body if not ast.unparse(node).startswith("__all__ =")]
    return tree


@cache
def world() -> frozenset[str]:
    """The names of Python, of MicroPython, and of what is frozen into it."""
    names = {*UMQTT.split(), *MICROPYTHON.split(), *keyword.kwlist, *_of(builtins)}
    for path in world_sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names.update(said(node))
            names.update(_imported(node))
    return frozenset(names)


def world_sources() -> list[Path]:
    """What world() reads, beside Python itself."""
    return [path for folder in WORLD for path in sorted((ROOT / folder).glob("*.py"))]


def _imported(node: ast.AST) -> Iterator[str]:
    """What is in a module of Python's own that is imported there."""
    modules = [node.module] if isinstance(node, ast.ImportFrom) else []
    modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
    for name in modules:
        if name in sys.stdlib_module_names:
            yield from _of(importlib.import_module(name))


def _of(module: ModuleType) -> Iterator[str]:
    """The names in a module, and those in its classes."""
    yield from dir(module)
    for thing in vars(module).values():
        if inspect.isclass(thing):
            yield from dir(thing)


def _made(node: ast.AST) -> Iterator[str]:
    """The names that are made at this node, and that others can find."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.attr
    if isinstance(node, (ast.Module, ast.ClassDef)):
        for each in node.body:
            for target in each.targets if isinstance(each, ast.Assign) else ():
                if isinstance(target, ast.Name):
                    yield target.id


def _kept(node: ast.AST) -> tuple[str, ...]:
    """What is said at this node in a way that a renaming does not see."""
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else ()
    return (node.arg,) if isinstance(node, ast.keyword) and node.arg else ()


def _is_long(name: str) -> bool:
    return len(name) > _MAX_BYTES and not name.startswith("_")


def _letters() -> Iterator[str]:
    """As nobody else calls anything: the second letter is large."""
    return map("".join, product(string.ascii_letters, string.ascii_uppercase))


def _renamed(tree: ast.Module, short: dict[str, str]) -> str:
    """The source with short names; changes the tree."""
    rename(ast.walk(tree), short)
    return ast.unparse(tree)
