"""Public names of a Python or stub file, and whether one signature can stand in for another.

Read from syntax trees: a shim imports the link to the world, a stub cannot be imported at all.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Signature:
    """What a call may look like, without `self`. A positional-only parameter's name is None."""

    positional: tuple[str | None, ...] = ()
    required: int = 0
    keywords: frozenset[str] = frozenset()
    any_positional: bool = False
    any_keyword: bool = False


@dataclass
class Thing:
    """A public name: its signatures if it can be called (several, if overloaded), its members."""

    signatures: list[Signature] = field(default_factory=list)
    members: dict[str, "Thing"] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)


def public_names(body: list[ast.stmt], in_class: bool = False) -> dict[str, Thing]:
    """The public things that the statements define; imports define none."""
    things: dict[str, Thing] = {}
    for node in _flat(body):
        if isinstance(node, ast.ClassDef):
            thing = things.setdefault(node.name, Thing())
            thing.members = public_names(node.body, in_class=True)
            thing.bases = [ast.unparse(base) for base in node.bases]
            thing.signatures = thing.members.pop("__init__", Thing([Signature()])).signatures
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            bound = in_class and not _has(node, "staticmethod")
            things.setdefault(node.name, Thing()).signatures.append(_signature(node, bound))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                alias = things.get(ast.unparse(node.value)) if node.value else None
                things.setdefault(ast.unparse(target), alias or Thing())
    return {name: thing for name, thing in things.items() if name == "__init__" or _public(name)}


def fits(shim: Signature, real: Signature) -> bool:
    """Whether every call that `shim` takes is one that `real` takes, with the same meaning.

    And the shortest call of `real` is one that `shim` takes.
    """
    if shim.any_positional or real.any_positional:
        return True
    if len(shim.positional) > len(real.positional) or real.required > len(shim.positional):
        return False
    same = zip(shim.positional, real.positional, strict=False)
    if any(ours != theirs for ours, theirs in same if ours and theirs):
        return False
    return real.any_keyword or shim.keywords <= real.keywords | set(real.positional)


def _public(name: str) -> bool:
    return not name.startswith("_")


def _has(node: ast.FunctionDef | ast.AsyncFunctionDef, decorator: str) -> bool:
    return any(ast.unparse(each) == decorator for each in node.decorator_list)


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, and those under an `if` among them."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _flat(node.body + node.orelse)
        else:
            yield node


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef, bound: bool) -> Signature:
    spec = node.args
    only = [*spec.posonlyargs]
    both = [*only, *spec.args]
    names = [
        None if arg in only or arg.arg.startswith("__") else arg.arg for arg in both[bool(bound) :]
    ]
    return Signature(
        positional=tuple(names),
        required=max(0, len(names) - len(spec.defaults)),
        keywords=frozenset(arg.arg for arg in spec.kwonlyargs),
        any_positional=spec.vararg is not None,
        any_keyword=spec.kwarg is not None,
    )
