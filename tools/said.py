"""The names that a source says, and others in their places."""

import ast
from collections.abc import Iterable, Mapping

_FIELDS = ("id", "attr", "name", "arg", "asname")  # where the syntax tree keeps a name


def said(node: ast.AST) -> tuple[str, ...]:
    """The names that stand at this node, and a string that may be one."""
    if isinstance(node, ast.alias):
        return *node.name.split("."), node.asname or ""
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return tuple(node.names)
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else ()
    names = (getattr(node, field, None) for field in _FIELDS)
    return tuple(name for name in names if isinstance(name, str))


def rename(nodes: Iterable[ast.AST], names: Mapping[str, str]) -> None:
    """Put other names in place at all of these nodes."""
    for node in nodes:
        for field in _FIELDS:
            name = getattr(node, field, None)
            if isinstance(name, str):
                setattr(node, field, names.get(name, name))
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            node.names = [names.get(name, name) for name in node.names]
