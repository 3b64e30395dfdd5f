"""What is taken for in flash in a frozen build is what MicroPython makes in its heap of a module
that lies in mapped flash.
"""

import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from mpremote.romfs import VfsRomWriter

from host_sim.process import MICROPYTHON, SHIMS
from tests.vm import NO_MICROPYTHON, have_micropython
from tools import build, heads, mpy

FUNCTIONS = (1, 2, 10, 40, 160)
# Beside what is counted: a module object with a table of its globals, one function, and at times a
# larger table of all modules.
MODULE_BYTES = 224
MEASURES = """
import gc, sys
sys.path.insert(0, {shims!r})
import rom
sys.path.insert(0, rom.mounted({image!r}))
for name in {names!r}:
    gc.collect()
    before = gc.mem_alloc()
    __import__(name)
    gc.collect()
    print(gc.mem_alloc() - before)
"""
FUNCTION = """
def {name}(first, second):
    return "a text that is too long for a name {n}", b"bytes {n}", (first, {n}, None)
"""


def within(functions: int) -> str:
    """They are only defined when one is called that never is: all that they take of the heap are
    their heads.
    """
    inner = "".join(FUNCTION.format(name=f"inner_{n}", n=n) for n in range(functions))
    return "def outer():\n" + textwrap.indent(inner, "    ")


def one_after_the_other(functions: int) -> str:
    """Each takes the place of the one before, and nothing is left of that but what it names."""
    return "".join(FUNCTION.format(name="outer", n=n) for n in range(functions))


@pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)
@pytest.mark.parametrize("source", [within, one_after_the_other])
def test_what_is_counted_is_what_the_interpreter_keeps(
    source: Callable[[int], str], tmp_path: Path
) -> None:
    writer, modules, counted = VfsRomWriter(), {}, []
    for functions in FUNCTIONS:
        target = tmp_path / f"module_{functions}.mpy"
        build.compile_module(target.stem, source(functions), target)
        modules[target.stem] = mpy.read(target.read_bytes())
        counted.append(modules[target.stem].tables_bytes + heads.heads_bytes(source(functions)))
        writer.mkfile(target.name, target.read_bytes())
    names = {*modules, *(name for each in modules.values() for name in each.names)}
    writer.mkfile("names", "\0".join(sorted(names)).encode())
    image, script = tmp_path / "image.romfs", tmp_path / "measures.py"
    image.write_bytes(writer.finalise())
    script.write_text(MEASURES.format(shims=str(SHIMS), image=str(image), names=tuple(modules)))
    done = subprocess.run([MICROPYTHON, script], capture_output=True, text=True, check=True)
    taken = [int(line) for line in done.stdout.split()]
    assert len(taken) == len(FUNCTIONS)
    for bytes_taken, bytes_counted in zip(taken, counted, strict=True):
        assert 0 < bytes_taken - bytes_counted <= MODULE_BYTES


def test_heads_stay_of_what_is_defined_within_a_function() -> None:
    assert heads.heads_bytes("class A:\n    def f(self): pass\n\ndef g(): pass\n") == 0
    inner = "def f():\n    def g():\n        return [n for n in ()]\n    return g\n"
    assert heads.heads_bytes(inner) == 2 * (16 + 16)
    assert heads.heads_bytes(f"class A:\n{textwrap.indent(inner, '    ')}") == 2 * (16 + 16)


def test_resident_are_services_and_what_they_import() -> None:
    sources = {
        "app": "import once\nfrom lib import events\n\ndef later():\n    import extras\n",
        "once": "",
        "lib": "",
        "lib.events": "from lib.words import WORDS\n",
        "lib.words": "",
        "extras": "",
        "drivers.wifi": "import network\n",
        "drivers.mains": "",
    }
    assert heads.resident(sources) == [
        "app",
        "drivers.wifi",
        "lib",
        "lib.events",
        "lib.words",
        "once",
    ]
