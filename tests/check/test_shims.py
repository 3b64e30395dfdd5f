"""The shims have the shape of the chip's modules, as MicroPython's ESP32 stubs tell it.

A shim that takes more than the chip lets firmware pass every test and fail in the field.
"""

import ast

import pytest

from tests.check.signature import Thing, fits, public_names
from tests.vm import ROOT, SHIMS

STUBS = ROOT / ".venv" / "stubs"
VENDOR = ("esp32", "machine", "network", "select", "socket", "time", "tls")
LANGUAGE = ("gc", "micropython")
# What the stubs lack, and where the chip has it.
STUB_GAPS = {
    "socket.write": "a stream method: write(buf, size), as umqtt.simple calls it",
    "LAN": "the stub has a second, empty one; on the ESP32 the pins are told, too (network_lan.c)",
}


def differences(shim: dict[str, Thing], real: dict[str, Thing], prefix: str = "") -> list[str]:
    """What `shim` has that `real` has not, or has in another shape."""
    found = []
    for name, thing in shim.items():
        if f"{prefix}{name}" in STUB_GAPS:
            continue
        if name not in real:
            found.append(f"{prefix}{name} does not exist on the chip")
            continue
        theirs = real[name].signatures
        for ours in thing.signatures:
            if theirs and not any(fits(ours, signature) for signature in theirs):
                found.append(f"{prefix}{name}: {ours} fits none of {theirs}")
        members = inherited(real[name], real)
        found += differences(thing.members, members, f"{prefix}{name}.")
    return found


def inherited(thing: Thing, names: dict[str, Thing]) -> dict[str, Thing]:
    """A class's members, with those of its bases in the same file."""
    members: dict[str, Thing] = {}
    for base in thing.bases:
        members |= inherited(names[base], names) if base in names else {}
    return members | thing.members


@pytest.mark.parametrize("module", VENDOR + LANGUAGE)
def test_shim_has_the_shape_of_the_stub(module: str) -> None:
    """Every public name and signature of the shim is the chip's."""
    shim = ast.parse((SHIMS / f"{module}.py").read_text(encoding="utf-8"))
    stub = ast.parse((STUBS / f"{module}.pyi").read_text(encoding="utf-8"))
    found = differences(public_names(shim.body), public_names(stub.body))
    assert not found, "\n".join(found)


REAL = """
def connect(ssid: str, key: str | None = None, *, bssid: bytes = ...) -> None: ...
class Base:
    IN: int
class Pin(Base):
    def __init__(self, id: int, mode: int = -1) -> None: ...
class Line:
    @overload
    def value(self) -> int: ...
    @overload
    def value(self, x: int, /) -> None: ...
"""


@pytest.mark.parametrize(
    "shim",
    [
        "def connect(ssid, key=None): pass",
        "def connect(ssid, *, bssid=None): pass",
        "def _private(anything): pass",
        "class Pin:\n    IN = 1\n    def __init__(self, id, mode=0): pass",
        "class Line:\n    def value(self, any_name=None): pass",
    ],
)
def test_the_checker_can_pass(shim: str) -> None:
    """The same, or a part of it."""
    assert (
        differences(public_names(ast.parse(shim).body), public_names(ast.parse(REAL).body)) == []
    )


@pytest.mark.parametrize(
    "shim",
    [
        "def conect(ssid): pass",
        "def connect(name, key=None): pass",
        "def connect(ssid, key, channel): pass",
        "def connect(ssid, *, channel=1): pass",
        "def connect(): pass",
        "class Line:\n    OUT = 1",
        "class Line:\n    def toggle(self): pass",
        "class Line:\n    def value(self, x, y): pass",
        "class Pin:\n    def __init__(self): pass",
    ],
)
def test_the_checker_can_fail(shim: str) -> None:
    """A name that the chip has not, another parameter, one too many, one too few."""
    found = differences(public_names(ast.parse(shim).body), public_names(ast.parse(REAL).body))
    assert len(found) == 1
