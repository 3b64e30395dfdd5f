"""Writes the integers that modules name for one another (`events.POWER_UP`) where they are used,
before the firmware is compiled: on the chip each name costs its characters, 7 bytes of a table and
8 in its module. Only names in capitals that are given an integer once, at the top of a module.
"""

import ast
from collections import Counter
from collections.abc import Iterator


def inlined(sources: dict[str, str]) -> dict[str, str]:
    """Every module with numbers for names; by the name it is imported by."""
    modules = {name: _Module(name, source) for name, source in sources.items()}
    constants = {
        f"{name}.{key}": value
        for name, module in modules.items()
        for key, value in module.constants.items()
    }
    for module in modules.values():
        module.inline(constants)
    needed = {name for module in modules.values() for name in module.needed()}
    return {name: module.without(needed, set(modules)) for name, module in modules.items()}


class _Module(ast.NodeTransformer):
    """One source file."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self._tree = ast.parse(source, name)
        nodes = list(ast.walk(self._tree))
        assigned = Counter(
            node.id for node in nodes if isinstance(node, ast.Name) and not _is_loaded(node)
        ) + Counter(node.arg for node in nodes if isinstance(node, ast.arg))
        given = (_given(node) for node in self._tree.body)
        self.constants = {
            name: value for name, value in filter(None, given) if assigned[name] == 1
        }
        imports = dict(_imported(nodes))
        # a name that also means something else here is left alone
        self._kept = {full for own, full in imports.items() if assigned[own]}
        self._full = {own: full for own, full in imports.items() if not assigned[own]} | {
            own: f"{name}.{own}" for own in self.constants
        }
        self._values: dict[str, int] = {}

    def inline(self, constants: dict[str, int]) -> None:
        """Put the numbers in place."""
        self._values = constants
        self.visit(self._tree)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name of this module, or one that was imported from another."""
        full = self._full.get(node.id, "")
        return self._number(node, full) if _is_loaded(node) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A name of an imported module."""
        if isinstance(node.value, ast.Name) and node.value.id in self._full:
            return self._number(node, f"{self._full[node.value.id]}.{node.attr}")
        self.generic_visit(node)
        return node

    def needed(self) -> Iterator[str]:
        """Constants that are still said by their names."""
        said = {node.attr for node in ast.walk(self._tree) if isinstance(node, ast.Attribute)}
        said |= {
            node.value
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for name in self._values:
            if name in self._kept or name.rpartition(".")[2] in said:
                yield name

    def without(self, needed: set[str], modules: set[str]) -> str:
        """The source, without what nobody names any more: constants, and modules of `modules`."""
        used = {node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name)}
        body = []
        for node in self._tree.body:
            given = _given(node)
            if given and given[0] in self.constants and f"{self.name}.{given[0]}" not in needed:
                continue
            if isinstance(node, ast.ImportFrom):
                node.names = [
                    each
                    for each in node.names
                    if self._is_wanted(each, f"{node.module}.{each.name}", needed, modules, used)
                ]
                if not node.names:
                    continue
            body.append(node)
        self._tree.body = body
        return ast.unparse(self._tree)

    def _is_wanted(
        self, each: ast.alias, full: str, needed: set[str], modules: set[str], used: set[str]
    ) -> bool:
        if full in self._values:
            return full in needed
        return full not in modules or (each.asname or each.name) in used

    def _number(self, node: ast.expr, full: str) -> ast.expr:
        value = self._values.get(full)
        return node if value is None else ast.copy_location(ast.Constant(value), node)


def _is_loaded(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _given(node: ast.AST) -> tuple[str, int] | None:
    """(name, value) of NAME = 5 or NAME = const(5)."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return None
    value, name = node.value, node.targets[0].id
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "const":
        value = value.args[0]
    if not name.isupper() or name.startswith("_") or len(node.targets) > 1:
        return None
    if isinstance(value, ast.Constant) and type(value.value) is int:
        return name, value.value
    return None


def _imported(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Full name by the name that an import gives it here."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.asname or "." not in each.name:
                    yield each.asname or each.name, each.name
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"
