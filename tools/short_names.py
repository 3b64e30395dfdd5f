"""Gives names of the firmware that only one module can say short ones before it is compiled: `_0`,
`_1`, ..., the same few in every module.

On the chip a name costs its characters and 7 bytes of a table that doubles when it is full; every
second one is private (`_name`), or that of an argument that nobody passes by name. What modules
whose classes inherit from one another say is told apart in all of them. A private name that is
reached from elsewhere, or said in a string, is refused: it would mean something else afterwards.
"""

import ast
import builtins
from collections.abc import Iterator
from typing import NamedTuple

from tools.build_error import BuildError
from tools.said import rename, said

# Private names of classes that ours inherit from but that are not compiled with the firmware.
OUTSIDE = {"umqtt.simple.MQTTClient": ("_send_str", "_recv_len")}
_OWN = ("self", "cls", "super()")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Shortened(NamedTuple):
    """A module as it is compiled, and its short names by those of the source."""

    source: str
    short: dict[str, str]


def shortened(sources: dict[str, str]) -> dict[str, Shortened]:
    """Every module with short names, or BuildError; both by the name it is imported by."""
    modules = {name: _Module(name, source) for name, source in sources.items()}
    public = {*dir(builtins), *_OWN}.union(*(module.public() for module in modules.values()))
    result = {}
    for family in _families(modules):
        kept = {name for module in family for name in module.kept}
        own = {name for module in family for name in module.private()}
        arguments = {name for module in family for name in module.arguments()} - public
        for module in family:
            module.check(own | kept)
        # constants last: most of them the compiler does away with
        names = sorted((own | arguments) - kept, key=lambda name: (name.isupper(), name))
        short = {name: f"_{number}" for number, name in enumerate(names)}
        result |= {each.name: Shortened(each.renamed(short), short) for each in family}
    return result


class _Module:
    """One source file; `kept`: the private names of what its classes inherit from outside."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self._tree = ast.parse(source, name)
        self._nodes = list(ast.walk(self._tree))
        self.classes = {node.name for node in self._nodes if isinstance(node, ast.ClassDef)}
        self.imports = dict(self._imports())
        self.kept: set[str] = set()

    def bases(self) -> Iterator[str]:
        """The full names of the classes of other modules that are inherited from."""
        for node in self._nodes:
            for base in node.bases if isinstance(node, ast.ClassDef) else ():
                name, dot, rest = ast.unparse(base).partition(".")
                if name in self.imports:
                    yield self.imports[name] + dot + rest
                elif name not in self.classes and not hasattr(builtins, name):
                    raise self._refusal(base, f"inherits from {name}, which is not known")

    def private(self) -> Iterator[str]:
        """The private names that are made here."""
        for node in self._nodes:
            is_loaded = isinstance(getattr(node, "ctx", None), ast.Load)
            if not is_loaded and not isinstance(node, (ast.Constant, ast.keyword)):
                yield from filter(_is_private, said(node))

    def arguments(self) -> Iterator[str]:
        """The names of all arguments."""
        return (node.arg for node in self._nodes if isinstance(node, ast.arg))

    def public(self) -> set[str]:
        """Names by which others may find something; arguments and local variables are none."""
        functions = [node for node in self._nodes if isinstance(node, _FUNCTIONS)]
        inside = {node for function in functions for node in ast.walk(function)}
        return {
            name
            for node in self._nodes
            if not isinstance(node, ast.arg)
            if not (isinstance(node, ast.Name) and node in inside)
            for name in said(node)
        }

    def check(self, known: set[str]) -> None:
        """BuildError where a private name is not this module's; `known`: those it may use."""
        for node in self._nodes:
            why = _trouble(node, known)
            if why:
                raise self._refusal(node, why)

    def renamed(self, short: dict[str, str]) -> str:
        """The source with short names; changes the tree."""
        rename((node for node in self._nodes if not isinstance(node, ast.keyword)), short)
        return ast.unparse(self._tree)

    def _refusal(self, node: ast.AST, why: str) -> BuildError:
        return BuildError(f"{self.name}, line {getattr(node, 'lineno', 0)}: {why}")

    def _imports(self) -> Iterator[tuple[str, str]]:
        """Full name by the name that an import gives it here."""
        for node in self._nodes:
            if isinstance(node, ast.Import):
                for each in node.names:
                    top = each.name.partition(".")[0]
                    yield (each.asname, each.name) if each.asname else (top, top)
            elif isinstance(node, ast.ImportFrom):
                for each in node.names:
                    yield each.asname or each.name, f"{node.module}.{each.name}"


def _is_private(name: str) -> bool:
    return name[:1] == "_" and name[1:2] not in ("", "_")


def _trouble(node: ast.AST, known: set[str]) -> str | None:
    """Why the names at this node cannot be shortened, if so."""
    if isinstance(node, ast.keyword) and node.arg is None:
        return "passes arguments by **: the build does not see their names"
    private = next(filter(_is_private, said(node)), None)
    if private is None:
        return None
    if isinstance(node, ast.alias) and node.asname != private:
        return f"imports the private name {private}"
    if isinstance(node, ast.keyword):
        return f"passes an argument by the private name {private}"
    if isinstance(node, ast.Constant):
        return f"says the private name {private} in a string" if private in known else None
    if isinstance(node, ast.Attribute):
        if ast.unparse(node.value) not in _OWN:
            return f"reaches for the private name {private} of something else"
        if private not in known:
            return f"uses self.{private}, which is set nowhere"
    return None


def _families(modules: dict[str, _Module]) -> list[list[_Module]]:
    """Modules that inherit from one another stand together."""
    family = {name: [module] for name, module in modules.items()}
    for module in modules.values():
        for base in module.bases():
            home = _home(modules, base)
            if home is None:
                module.kept.update(_outside(module, base))
            elif family[home] is not family[module.name]:
                family[home] += family[module.name]
                family.update({member.name: family[home] for member in family[home]})
    return list({id(members): members for members in family.values()}.values())


def _home(modules: dict[str, _Module], name: str) -> str | None:
    """The module that the class of this full name is written in; None: none of these."""
    module_name, _, own_name = name.rpartition(".")
    module = modules.get(module_name)
    if module is None:
        return None
    if own_name not in module.classes and own_name in module.imports:
        return _home(modules, module.imports[own_name])
    return module_name


def _outside(module: _Module, base: str) -> tuple[str, ...]:
    if base not in OUTSIDE:
        raise BuildError(
            f"{module.name}: inherits from {base}, which is not compiled with it: "
            "put the private names of that class into OUTSIDE in tools/short_names.py"
        )
    return OUTSIDE[base]
