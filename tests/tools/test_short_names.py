"""Short names change nothing that a module does, and what they would change is refused."""

import re
from pathlib import Path

import pytest

from tests import vm as vms
from tests.tools.compiled import said_by
from tests.vm import UMQTT
from tools.build import texts
from tools.build_error import BuildError
from tools.short_names import OUTSIDE, shortened

BASE = """
from micropython import const

_STEP = const(3)
_table = {"_STEP of a text": 1}
_count = 0

def _twice(value, by=2):
    return value * by

def counted():
    global _count
    _count += 1
    return _count, _table

class _Hidden(Exception):
    pass

class Base:
    _shared = 5

    def __init__(self, start, further=1):
        self._value = start
        self.further = further

    def _add(self, amount):
        self._value += _twice(amount, by=_STEP)
        return self

    @property
    def value(self):
        return self._value

    def fail(self, text):
        try:
            raise _Hidden(text)
        except _Hidden as _error:
            return "%s %s" % (type(_error) is _Hidden, _error)
"""
DERIVED = """
import base as _base
from base import Base, counted

_STEP = 100

class Derived(Base):
    def __init__(self, start):
        super().__init__(start, further=7)
        self._own, self._more = 1, [_n for _n in range(3)]

    def _late(self, value):
        def inner():
            nonlocal value
            value += 1
            return value
        return inner() + (lambda amount: amount * 2)(value)

    def told(self):
        self._add(2)
        self._own += self._shared
        done = getattr(self, "value"), hasattr(self, "own")
        return done, self._own, self._more, self._late(4), self._value, self.further, _STEP

def main():
    counted()
    thing = Derived(10)
    print(thing.told(), counted(), thing.fail("so"), _base.Base(1, further=2).further)

main()
"""
SOURCES = {"base": BASE, "derived": DERIVED}


@pytest.mark.skipif(not vms.have_micropython(), reason=vms.NO_MICROPYTHON)
def test_a_compiled_module_does_what_its_source_does(tmp_path: Path) -> None:
    # Constants, globals, properties, exceptions, closures, arguments by name, and a class whose
    # base is in another module: one name taken for another would be read off here.
    made = {name: module.source for name, module in shortened(SOURCES).items()}
    told, again = said_by(tmp_path, "derived", SOURCES, made)
    assert told.startswith(
        "((16, False), 6, [0, 1, 2], 15, 16, 7, 100) (2, {'_STEP of a text': 1})"
    )
    assert again == told


def test_modules_share_the_same_few_names() -> None:
    # A name of its own in each module would save nothing.
    modules = shortened({"one": "_first = 1\n_second = 2\n", "two": "def _other(seen): pass\n"})
    assert modules["one"].source == "_0 = 1\n_1 = 2"
    assert modules["two"].source == "def _0(_1):\n    pass"


def test_no_name_of_a_family_is_given_twice() -> None:
    # The base's `_value` and the subclass's `_own` are attributes of one object.
    base, derived = (shortened(SOURCES)[name].short for name in SOURCES)
    assert base == derived
    assert len(set(base.values())) == len(base)
    assert {"_value", "_own", "_late", "start"} <= base.keys()
    assert not {"further", "value", "by"} & base.keys()


def test_what_others_may_say_keeps_its_name() -> None:
    # An argument that is passed by name in another module, and the private names of umqtt, whose
    # `_send_str` would no longer be found when called, or no longer replaced when overridden.
    modules = shortened(
        {
            "session": "from umqtt.simple import MQTTClient\n"
            "class Session(MQTTClient):\n"
            "    def _send_str(self, text, quick): self._recv_len(text)\n",
            "user": "from session import Session\ndef use(it): it.publish(quick=1)\n",
        }
    )
    assert modules["session"].short == {"text": "_0"}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import other\nother._x", "reaches for the private name _x of something else"),
        ("from other import _x", "imports the private name _x"),
        ("class A:\n    def f(self): return self._x", "uses self._x, which is set nowhere"),
        ("_x = 1\ngetattr(object, '_x')", "says the private name _x in a string"),
        ("def f(_x): pass\nf(_x=1)", "passes an argument by the private name _x"),
        ("def f(x): pass\nf(**{})", "passes arguments by \\*\\*"),
        ("from there import A\nclass B(A): pass", "OUTSIDE in tools/short_names.py"),
        ("class B(unknown): pass", "inherits from unknown, which is not known"),
    ],
)
def test_what_would_mean_something_else_is_refused(source: str, why: str) -> None:
    # The board would find out at run time, where nobody looks.
    with pytest.raises(BuildError, match=why):
        shortened({"mine": source, "other": "_x = 1"})


@pytest.mark.skipif(not UMQTT.exists(), reason="umqtt.simple is not here")
def test_the_private_names_of_umqtt_are_all_known() -> None:
    # A newer umqtt with another private name: ours could take its place unnoticed.
    (umqtt,) = OUTSIDE
    source = (UMQTT / "umqtt" / "simple.py").read_text()
    assert set(re.findall(r"(?:def |self\.)(_[a-z]\w*)", source)) == set(OUTSIDE[umqtt])


def test_every_board_can_be_built() -> None:
    # Nothing in the firmware reaches for what is another module's.
    for board in ("esp32_devkit", "esp32_c3_devkit"):
        modules = shortened(texts(board))
        assert len({short for module in modules.values() for short in module.short.values()}) < 80
