"""Says what the short names in a board's tracebacks are in the source, and where that begins: on
the board there are no line numbers.

    python -m tools.names [BOARD] < what-the-console-said
"""

import ast
import re
import sys

from tools.build import in_short, locations, texts
from tools.build_error import BuildError
from tools.ending import status
from tools.short_names import shortened

_FRAME = re.compile(r'File "(?P<module>[\w.]+)", line \d+(, in (?P<name>\S+))?')
_SHORT = re.compile(r"\b_\d+\b")
# In the line below a traceback's last frame: the exception's class, and what its text quotes.
_SAID = re.compile(r"^\w+(?=: |$)|(?<=')\w+(?=')")


def readable(console: str, board: str) -> str:
    """The text with paths, first lines and names of the source in its tracebacks."""
    if not _FRAME.search(console):
        return console
    sources, paths = texts(board), locations(board)
    compiled, public = in_short(sources)
    modules = shortened(compiled)
    everywhere = {short: name for name, short in public.items()}
    lines: list[str] = []
    long: dict[str, str] = {}
    is_below = False
    for line in console.split("\n"):
        frame = _FRAME.search(line)
        if frame and frame["module"] in modules:
            module = frame["module"]
            own = {short: name for name, short in modules[module].short.items()}
            long = {short: everywhere.get(name, name) for short, name in own.items()} | everywhere
            place = _place(sources[module], long.get(frame["name"], frame["name"]))
            told = f'File "{paths[module]}"{place}'
            lines.append(line[: frame.start()] + told + line[frame.end() :])
        else:
            lines.append(_in_full(line, long, is_below))
        is_below = bool(frame)
    return "\n".join(lines)


def _in_full(line: str, long: dict[str, str], is_exception: bool) -> str:
    """The line, with the names of the module that raised the exception before it."""

    def in_full(short: re.Match[str]) -> str:
        return long.get(short[0], short[0])

    return _SHORT.sub(in_full, _SAID.sub(in_full, line) if is_exception else line)


def _place(source: str, name: str) -> str:
    """Where the functions of this name begin."""
    found = [
        (line, full_name)
        for line, full_name in _functions(ast.parse(source), "")
        if full_name.rpartition(".")[2] == name
    ]
    if not found:
        return f", in {name}" if name else ""
    return " or".join(f", line {line}, in {full_name}" for line, full_name in found)


def _functions(tree: ast.AST, prefix: str) -> list[tuple[int, str]]:
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if not isinstance(node, ast.ClassDef):
                found.append((node.lineno, prefix + node.name))
            found += _functions(node, f"{prefix}{node.name}.")
        else:
            found += _functions(node, prefix)
    return found


def main() -> int:
    """Exit status 0, or 1 with the reason on standard error."""
    try:
        print(readable(sys.stdin.read(), (sys.argv + ["esp32_devkit"])[1]), end="")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(status(main))
