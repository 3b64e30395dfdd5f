"""once.py lets go of what is needed at start only: on the heap of the chip, to the last byte."""

from pathlib import Path

from tests.drivers.chip import printed, simulation

PROGRAM = """
import gc
import sys
import once
import trim
class Package:
    pass
class Thing:
    def __init__(self, number):
        self.number = number
def used():
    gc.collect()
    return gc.mem_alloc()
def room():
    return bytearray(20000)
sys.modules["package"] = Package
before = used()
sys.modules["package.part"] = Package.part = room()
once.forget("package.part")
print("package.part" in sys.modules, hasattr(Package, "part"), used() - before < 1000)
once.keep()
sys.modules["inner"] = sys.modules["package.other"] = Package
once.sweep()
print("inner" in sys.modules, "package.other" in sys.modules, "package" in sys.modules)
thing = Thing(7)
Thing.__init__.__name__
trim.made(thing, None)
print(thing.number, "__init__" in Thing.__dict__)
"""


def test_what_is_forgotten_is_gone(vm: str, tmp_path: Path) -> None:
    # A table of MicroPython's keeps the value of what is deleted until its place is wanted again:
    # a module that was forgotten stayed in the heap, and a constructor's code with it.
    chip = simulation(vm, PROGRAM, tmp_path, 10)
    chip.run()
    gone = ["False", "False", "True"]
    assert printed(chip) == [*gone, *gone, "7", "False"]
