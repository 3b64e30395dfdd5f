"""A supervised wire on the simulated ESP32-C3, on both interpreters: what a cut or shorted wire
does is told, and never counted. The programs import drivers.contact and drivers.loop.
"""

from pathlib import Path

import pytest

from host_sim.scenario import Fault
from tests.drivers.chip import SECOND_US, printed, simulation
from tests.sim.bench import START_S
from tests.sim.edges import Edges, contact

START_US = START_S * SECOND_US
# Pulses of 1 s at 2 s and 12 s.
METER = contact(START_US, [2000, 1000, 9000, 1000])
STANDING = Edges([START_US + 2 * SECOND_US])  # the meter stopped with its contact closed
BOARD = "esp32_c3_devkit"
# Looks every `look_s` for 20 s; prints at each look pulses and fault.
PROGRAM = """
from time import sleep_ms
from machine import ADC, Pin
from drivers.contact import Contact
from drivers.loop import Loop
loop = Loop(ADC(Pin(0), atten=ADC.ATTN_11DB), 270)
water = Contact(Pin(7, Pin.IN, Pin.PULL_UP), 15, 15, None, loop)
for _ in range({looks}):
    sleep_ms(20000 // {looks})
    print(water.pulses(), water.fault())
"""


def looked(
    vm: str, folder: Path, meter: Edges, faults: tuple[Fault, ...], looks: int
) -> list[tuple[int, int]]:
    """(pulses, fault) at each of so many looks in 20 s."""
    chip = simulation(vm, PROGRAM.format(looks=looks), folder, 21, board=BOARD, faults=faults)
    # The meter's own contact, at the end of the wire.
    chip.contacts["water"].level = meter.level  # type: ignore[method-assign]
    chip.contacts["water"].next_edge_us = meter.next_edge_us  # type: ignore[method-assign]
    chip.run()
    words = list(map(int, printed(chip)))
    return list(zip(words[::2], words[1::2], strict=True))


def test_a_fault_is_told_and_so_is_its_end(vm: str, tmp_path: Path) -> None:
    # From 4.5 s to 9.5 s, a look each second: told at the first look, and its end when it has been
    # good for two.
    def told(meter: Edges, what: str) -> list[int]:
        faults = (Fault(4_500_000, what, 5 * SECOND_US),)
        return [fault for _, fault in looked(vm, tmp_path, meter, faults, looks=20)]

    assert told(Edges([]), "wire_cut") == [0] * 4 + [1] * 6 + [0] * 10
    assert told(STANDING, "wire_cut") == [0] * 4 + [1] * 6 + [0] * 10
    assert told(Edges([]), "wire_short") == [0] * 4 + [2] * 6 + [0] * 10


def test_a_fault_between_two_looks_is_told_if_it_hides_an_edge(vm: str, tmp_path: Path) -> None:
    # All is well again when somebody looks; but an edge was not taken.
    spark = (Fault(4_500_000, "wire_cut", 1000),)
    faults = [fault for _, fault in looked(vm, tmp_path, STANDING, spark, looks=20)]
    assert faults == [0] * 4 + [1] + [0] * 15
    assert looked(vm, tmp_path, Edges([]), spark, looks=20) == [(0, 0)] * 20


@pytest.mark.parametrize(
    ("meter", "what", "from_ms", "lasts_ms", "often", "once"),
    [
        (METER, "wire_short", 5000, 4000, 2, 2),  # between two pulses
        (METER, "wire_cut", 5000, 4000, 2, 2),
        (METER, "wire_short", 1500, 700, 2, 1),  # the contact closes meanwhile: one look sees it
        (METER, "wire_cut", 2500, 200, 2, 2),  # while it is closed
        (METER, "wire_cut", 2500, 2000, 2, 1),  # it opens meanwhile
        (METER, "wire_short", 2500, 2000, 2, 2),
        (METER, "wire_cut", 1500, 3000, 1, 1),  # a pulse that nobody can see
        (METER, "wire_short", 1500, 3000, 1, 1),
        (STANDING, "wire_cut", 5000, 4000, 1, 1),
        (STANDING, "wire_short", 5000, 4000, 1, 1),
    ],
)
def test_no_fault_is_ever_a_pulse(
    vm: str,
    tmp_path: Path,
    meter: Edges,
    what: str,
    from_ms: int,
    lasts_ms: int,
    often: int,
    once: int,
) -> None:
    # However seldom anybody looks: twice a second, or once at the end. What the wire hides may be
    # missing, and then it is told.
    faults = (Fault(from_ms * 1000, what, lasts_ms * 1000),)
    seen = looked(vm, tmp_path, meter, faults, looks=40)
    assert [pulses for pulses, _ in seen] == sorted(pulses for pulses, _ in seen)
    assert seen[-1] == (often, 0)
    assert any(fault for _, fault in seen)
    pulses, fault = looked(vm, tmp_path, meter, faults, looks=1)[0]
    assert pulses == once
    assert fault or once == often


def test_a_chip_without_counters_offers_none(vm: str, tmp_path: Path) -> None:
    program = """
from machine import Counter, Pin
Counter(0, Pin(7, Pin.IN))
"""
    chip = simulation(vm, program, tmp_path, 1, board=BOARD)
    chip.run()
    assert "OSError" in chip.collector.lives[0].console


def test_a_pin_without_a_converter_can_not_be_measured(vm: str, tmp_path: Path) -> None:
    program = """
from machine import ADC, Pin
for pin in (1, 7):
    print(ADC(Pin(pin), atten=ADC.ATTN_11DB).read_uv())
"""
    chip = simulation(vm, program, tmp_path, 1, board=BOARD)
    chip.run()
    console = chip.collector.lives[0].console
    assert console.startswith(f"{800 * 270}")
    assert "OSError" in console
