"""Names of two letters change nothing that a module does, and nothing that others say."""

import re
from pathlib import Path

import pytest

from tests import vm as vms
from tests.tools.compiled import said_by
from tests.vm import UMQTT as UMQTT_FOLDER
from tools import boards
from tools.build import in_short, texts
from tools.public_names import UMQTT, shortened, world

THINGS = """
__all__ = ("Counting", "further")

NAMES = {"heard": 1}
further = 7

class Counting(Exception):
    limit_of_all = 3

    def __init__(self, counted):
        self.counted = counted
        self.told_by_name = self.passed = None

    @property
    def doubled(self):
        return self.counted * 2

    def heard(self):
        return self.counted

    def append(self, *, passed=0):
        self.passed = passed
        return passed
"""
USER = """
import things as everything
from things import Counting, further

def counted_up(things):
    global summed
    summed = 0
    for counted in things:
        summed += counted
    return summed

def main():
    thing = Counting(5)
    list_of = []
    list_of.append(thing.append(passed=4))
    thing.counted += everything.further
    try:
        raise thing
    except Counting as counted:
        print(counted.doubled, counted.limit_of_all, counted.passed, further)
    print(list_of, counted_up([1, 2]), everything.NAMES, getattr(thing, "heard")(), "told_by_name")

main()
"""
SOURCES = {"things": THINGS, "user": USER}


@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
def test_a_compiled_module_does_what_its_source_does(tmp_path: Path) -> None:
    # Classes, attributes, properties, globals, exceptions, arguments by name, a method with the
    # name of a list's, and one that is found by its name in a string.
    told = "24 3 4 7\n[4] 3 {'heard': 1} 12 told_by_name\n"
    assert said_by(tmp_path, "user", SOURCES, shortened(SOURCES)[0]) == (told, told)


def test_what_others_may_say_keeps_its_name() -> None:
    # Of a list, in a string, passed by name, of a module, or in a file that stays as written.
    sources, short = shortened(SOURCES)
    assert set(short) == {"NAMES", "Counting", "further", "limit_of_all", "counted", "doubled"} | {
        "counted_up"
    }
    assert len(set(short.values())) == len(short)
    assert not set(short.values()) & world()
    assert "__all__" not in sources["things"]
    assert (
        "further" not in shortened(SOURCES | {"main": "import things\nthings.further"})[0]["user"]
    )
    kept = shortened(SOURCES | {"main": "import things\nthings.further"}, ("main",))[1]
    assert set(short) - set(kept) == {"further"}


@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
@pytest.mark.long_where(board="lilygo_t_can485")
@pytest.mark.long_where(board="olimex_esp32_poe_iso")
@pytest.mark.parametrize("board", boards.names())
def test_no_name_of_micropython_is_shortened(board: str) -> None:
    # A hash object's `digest` is in no module's list of names: ours of that name once took it
    # along. What MicroPython's own things are called is in its table of names.
    (interpreter,) = vms.MICROPYTHON.parent.parent.glob("root/usr/bin/micropython")
    said = set(interpreter.read_bytes().split(b"\0"))
    short = in_short(texts(board))[1]
    assert len(short) > 300
    assert not [name for name in short if name.encode() in said]


@pytest.mark.skipif(not UMQTT_FOLDER.exists(), reason="umqtt.simple is not here")
def test_the_names_of_umqtt_are_all_known() -> None:
    # A newer umqtt with another attribute: ours of that name would be another one.
    source = (UMQTT_FOLDER / "umqtt" / "simple.py").read_text()
    made = re.findall(r"(?:def |self\.|class )([a-zA-Z]\w*)", source)
    assert set(made) == set(UMQTT.split())
