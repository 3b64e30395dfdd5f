"""Integers stand where their names did: a module does what it did, and the names are gone."""

import ast
from pathlib import Path

import pytest

from tests import vm as vms
from tests.tools.compiled import said_by
from tests.vm import ROOT
from tools.build import texts
from tools.constants import inlined

KINDS = """
from micropython import const

PLAIN = 5
WRAPPED = const(7)
SINGLE = const(9)
TEXT = "no integer"
COUNTED = 0
SUM = PLAIN + WRAPPED
SAID = 11
NAMES = (PLAIN, WRAPPED)

def count():
    global COUNTED
    COUNTED += 1
    return COUNTED, PLAIN
"""
ONLY = "HEIGHT = 3\n_HIDDEN = 4\n"
MAIN = """
import kinds
import only
from kinds import PLAIN, WRAPPED as WIDE, count
from only import HEIGHT

class Shadow:
    PLAIN = 50

def local(WIDE=1):
    return WIDE

print(PLAIN, WIDE, HEIGHT, only.HEIGHT, kinds.PLAIN, kinds.TEXT, kinds.COUNTED)
print(kinds.SUM, kinds.SINGLE)
print(count(), kinds.COUNTED, kinds.NAMES, getattr(kinds, "SAID"), Shadow.PLAIN, local())
"""
SOURCES = {"kinds": KINDS, "only": ONLY, "main": MAIN}
TOLD = "5 7 3 3 5 no integer 0\n12 9\n(1, 5) 1 (5, 7) 11 50 1\n"


@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
def test_a_module_does_what_its_source_does(tmp_path: Path) -> None:
    # Names that are set again, shadowed, renamed by an import, or said in a string; a number in
    # the wrong place would be read off here.
    assert said_by(tmp_path, "main", SOURCES, inlined(SOURCES)) == (TOLD, TOLD)


def test_what_nobody_names_any_more_is_gone() -> None:
    sources = inlined(SOURCES)
    assert "HEIGHT" not in sources["only"] + sources["main"]
    assert "SINGLE" not in sources["kinds"] + sources["main"]
    assert "_HIDDEN" in sources["only"]  # short_names.py and the compiler see to these
    assert "from only" not in sources["main"]
    kept = {"WRAPPED": True, "TEXT": True, "COUNTED": True, "SAID": True}
    for name, is_kept in kept.items():
        given = [line for line in sources["kinds"].splitlines() if line.startswith(f"{name} =")]
        assert bool(given) is is_kept, name


def test_no_event_is_named_on_the_board() -> None:
    events = ast.parse((ROOT / "firmware" / "lib" / "events.py").read_text())
    names = {node.id for node in ast.walk(events) if isinstance(node, ast.Name)}
    numbers = {name for name in names if name.isupper() and not name.startswith("_")}
    numbers -= {"ALARMS", "AFTER_HOLD"}  # tuples of some of them
    assert "POWER_UP" in numbers
    for source in inlined(texts("esp32_devkit")).values():
        assert not numbers & {
            node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)
        }
