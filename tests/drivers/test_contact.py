"""Contacts counted by interrupt, on the simulated chip and both interpreters: bounce, each edge
with its own time, what an erase hides, and meters that run backward. drivers.contact and
drivers.two_way are imported by the programs.
"""

from pathlib import Path

from host_sim.simulation import Simulation
from tests.drivers.chip import SECOND_US, printed, simulation
from tests.sim.bench import START_S
from tests.sim.edges import Edges, contact

START_US = START_S * SECOND_US
WATER_PIN, SECOND_PIN = 25, 27


def counting(made: str, seconds: int) -> str:
    """A program that lets `made` count for so long, and prints its pulses and bounces."""
    return f"""
from time import sleep
from machine import Pin
from drivers.contact import Contact
from drivers.two_way import TwoWay
water = Pin({WATER_PIN}, Pin.IN, Pin.PULL_UP)
second = Pin({SECOND_PIN}, Pin.IN, Pin.PULL_UP)
counted = {made}
sleep({seconds})
print(counted.pulses(), counted.bounces(), counted.fault())
"""


def on_pins(vm: str, folder: Path, made: str, water: Edges, second: Edges) -> Simulation:
    """A minute of `made` over two sources."""
    chip = simulation(vm, counting(made, 60), folder, 61)
    chip.pins.wire(WATER_PIN, water)
    chip.pins.wire(SECOND_PIN, second)
    chip.run()
    return chip


def test_a_day_of_a_bouncing_reed(vm: str, tmp_path: Path) -> None:
    # Up to three bounces in 12 ms at either edge: each pulse counts once, the bounces are told.
    program = counting("Contact(water, 20, 20)", 86_400)
    chip = simulation(vm, program, tmp_path, 86_401, bounce_us=12_000)
    chip.run()
    day = chip.scenario.home.pulses("water", START_US, START_US + 86_400 * SECOND_US)
    pulses, bounces, fault = map(int, printed(chip))
    assert pulses == len(day) > 100
    assert bounces > 100
    assert fault == 0


def test_each_edge_has_a_time_of_its_own(vm: str, tmp_path: Path) -> None:
    # The magnet leaves slowly: twice the reed opens for 30 ms and closes for 25 before it stays
    # open. Both last as long as a closing, but the openings are too short for one.
    slow = contact(START_US, [5000, 100, 30, 25, 30, 25, 3000, 40])
    quiet = Edges([])
    for made, pulses in (("Contact(water, 20, 50)", 2), ("Contact(water, 20, 20)", 4)):
        chip = on_pins(vm, tmp_path, made, slow, quiet)
        assert int(printed(chip)[0]) == pulses
    # Closings of 40 ms are pulses for 20, and bounce for 50.
    short = contact(START_US, [5000, 40, 3000, 40, 3000, 60])
    for made, pulses in (("Contact(water, 20, 50)", 3), ("Contact(water, 50, 20)", 1)):
        chip = on_pins(vm, tmp_path, made, short, quiet)
        assert int(printed(chip)[0]) == pulses


def test_closed_at_boot_is_no_new_pulse(vm: str, tmp_path: Path) -> None:
    # It was counted when it began, by the boot before.
    closed = Edges([START_US - 1, START_US + 5 * SECOND_US, START_US + 9 * SECOND_US])
    chip = on_pins(vm, tmp_path, "Contact(water, 20, 20)", closed, Edges([]))
    assert printed(chip)[:2] == ["1", "0"]


ERASING = f"""
from time import sleep_ms
from esp32 import Partition
from machine import Pin
from drivers.contact import Contact
counted = Contact(Pin({WATER_PIN}, Pin.IN, Pin.PULL_UP), 15, 15)
journal = Partition.find(Partition.TYPE_DATA, label="journal")[0]
sleep_ms(1000)
journal.ioctl(6, 0)
sleep_ms(1000)
print(counted.pulses(), counted.bounces())
"""


def test_an_erase_hides_no_pulse_that_outlasts_it(vm: str, tmp_path: Path) -> None:
    # Interrupts wait 37 ms for the erase. A pulse within it is lost, and told as a bounce; one of
    # S0 length (30 ms and more) that is still there afterwards is counted.
    erase_us = START_US + SECOND_US
    for closes_us, lasts_us, told in ((5000, 25_000, ["0", "1"]), (5000, 60_000, ["1", "0"])):
        chip = simulation(vm, ERASING, tmp_path, 3)
        at_us = erase_us + closes_us
        chip.pins.wire(WATER_PIN, Edges([at_us, at_us + lasts_us]))
        chip.run()
        assert printed(chip) == told


def test_two_outputs_one_forward_one_backward(vm: str, tmp_path: Path) -> None:
    # Three forward, one backward; and more backward than forward is below zero.
    made = "TwoWay(Contact(water, 15, 15), Contact(second, 15, 15))"
    three = contact(START_US, [1000, 100] * 3)
    one = contact(START_US, [9000, 100])
    assert int(printed(on_pins(vm, tmp_path, made, three, one))[0]) == 2
    assert int(printed(on_pins(vm, tmp_path, made, one, three))[0]) == -2
    bouncing = contact(START_US, [1000, 5, 2, 100])
    assert printed(on_pins(vm, tmp_path, made, bouncing, bouncing)) == ["0", "2", "0"]


def test_a_direction_output(vm: str, tmp_path: Path) -> None:
    # Low while the meter runs backward: what counts is its level when the contact closes.
    made = "Contact(water, 15, 15, second)"
    # closes at 1, 2.1, 3.2, 4.3 and 5.4 s
    five = contact(START_US, [1000, 100] * 5)
    backward = Edges([START_US + 2 * SECOND_US, START_US + 4 * SECOND_US])
    assert int(printed(on_pins(vm, tmp_path, made, five, backward))[0]) == 1
    # It turns while the contact is closed: that pulse began forward.
    turning = Edges([START_US + 2_150_000, START_US + 3_150_000])
    assert int(printed(on_pins(vm, tmp_path, made, five, turning))[0]) == 5
