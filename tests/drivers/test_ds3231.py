"""The battery clock: the driver against the registers of the data sheet, over simulated I2C."""

from pathlib import Path

from host_sim.models.ds3231 import DS3231
from tests.drivers.chip import SECOND_US, printed, simulation

PROGRAM = """
from time import sleep
from machine import I2C, Pin
from drivers.ds3231 import DS3231
clock = DS3231(I2C(0, scl=Pin(22), sda=Pin(21), freq=400000))
"""


def test_it_is_set_when_it_is_wrong_and_runs_on(vm: str, tmp_path: Path) -> None:
    # New from the reel it has stood still: no time. Set, it counts; what is right to a second is
    # left alone.
    program = (
        PROGRAM
        + """
print(clock.read())
clock.correct(1709164799)
sleep(3)
print(clock.read())
clock.correct(1709164803)
print(clock.read())
clock.correct(1709164804)
print(clock.read())
"""
    )
    chip = simulation(vm, program, tmp_path, 60)
    chip.run()
    leap_day_s = 1_709_164_800  # 2024-02-29 00:00
    expected = ["None", *(str(leap_day_s + after_s) for after_s in (2, 2, 4))]
    assert printed(chip) == expected
    chip.battery_clock.stop()
    assert chip.battery_clock.read(0x0F, 1)[0] & 0x80


def test_no_clock_is_told_and_nothing_else(vm: str, tmp_path: Path) -> None:
    # Wired to other pins, or not at all.
    program = PROGRAM.replace("22", "23") + "clock.correct(1709164799)\nprint(clock.read())\n"
    chip = simulation(vm, program, tmp_path, 60)
    chip.run()
    console = chip.collector.lives[0].console.splitlines()
    assert all(line.startswith("clock.battery:") for line in console[:-1])
    assert console[1:][-1] == "None"


def test_every_day_of_a_century(vm: str, tmp_path: Path) -> None:
    # Set to it, it shows it: the last second of a day, in steps that meet every date.
    program = """
from drivers.ds3231 import DS3231, registers
class Bus:
    def readfrom_mem(self, address, register, count):
        return shown + bytes(9)
clock = DS3231(Bus())
wrong = 0
for day in range(0, 36525, 13):
    unix_s = 946684800 + day * 86400 + 86399
    shown = registers(unix_s)
    wrong += clock.read() != unix_s
print(wrong, registers(1709251199), registers(4102444799))
"""
    chip = simulation(vm, program, tmp_path, 1)
    chip.run()
    midnight = bytes((0x59, 0x59, 0x23, 1))
    last_days = midnight + bytes((0x29, 2, 0x24)), midnight + bytes((0x31, 0x12, 0x99))
    shown = " ".join(map(repr, last_days))
    assert chip.collector.lives[0].console.strip() == f"0 {shown}"


SHOWN = """
from drivers.ds3231 import DS3231
class Bus:
    def readfrom_mem(self, address, register, count):
        return bytes(registers[register:count])
for place, value in ((3, 7), (15, 128), (0, 0x5A), (1, 0x60), (2, 0x52), (2, 0x24), (4, 0),
                     (4, 0x32), (5, 0), (5, 0x13), (5, 0x83), (6, 0xFF)):
    # 2026-03-01 12:34:56
    registers = bytearray((0x56, 0x34, 0x12, 2, 1, 3, 0x26)) + bytes(9)
    registers[place] = value
    print(DS3231(Bus()).read())
"""


def test_what_is_no_time_is_not_told(vm: str, tmp_path: Path) -> None:
    # Another day of the week is all the same. Not so: a stop, no decimals, minute 60, 12-hour
    # mode, hour 24, day 0 and 32, month 0 and 13, another century, an empty bus.
    chip = simulation(vm, SHOWN, tmp_path, 1)
    chip.run()
    assert printed(chip) == ["1772368496", *["None"] * 11]


def test_the_model_shows_what_the_data_sheet_says() -> None:
    # The century bit toggles when 99 becomes 00; a status bit can only be cleared by writing 0.
    now_us = [0]
    clock = DS3231(lambda: now_us[0])
    assert clock.read(0, 7) == bytes((0, 0, 0, 1, 1, 1, 0))
    assert clock.read(0x0E, 2) == bytes((0x1C, 0x88))
    clock.write(0, bytes((0x58, 0x59, 0x23, 3, 0x31, 0x12, 0x99)))
    clock.write(0x0F, b"\x80")
    assert clock.read(0x0F, 1) == b"\x80"
    clock.write(0x0F, b"\0")
    clock.write(0x0F, b"\x80")
    assert clock.read(0x0F, 1) == b"\0"
    now_us[0] = 2 * SECOND_US
    assert clock.read(0, 7) == bytes((0, 0, 0, 3, 0x01, 0x81, 0x00))
