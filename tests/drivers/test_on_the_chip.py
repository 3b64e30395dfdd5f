"""Drivers on the chip's own parts: short programs run in the firmware's place, on both
interpreters, and print what they see. drivers.watchdog, drivers.wifi and drivers.pulse are asked
here; drivers.contact, drivers.two_way, drivers.loop and drivers.mains have files of their own,
drivers.modbus has its own wire, drivers.broker and drivers.meter are proved by whole scenarios.
"""

from pathlib import Path

from host_sim.models.pulses import PulseInput
from tests.drivers.chip import SECOND_US, simulation
from tests.sim.bench import START_S


def test_the_watchdog_bites_the_silent(vm: str, tmp_path: Path) -> None:
    # Fed in time twice, then never again: the reset comes 180 s after the last proof of life, to
    # the microsecond.
    program = """
from time import sleep  # the world's: it takes no time of ours
from drivers.watchdog import Watchdog
watchdog = Watchdog()
for _ in range(2):
    sleep(170)
    watchdog.feed()
sleep(100000)
"""
    chip = simulation(vm, program, tmp_path, 600)
    chip.run()
    first = chip.collector.lives[0]
    assert first.ending == "reset 3"
    assert first.ended_us == 520 * SECOND_US


def test_wifi_joins_and_comes_back_by_itself(vm: str, tmp_path: Path) -> None:
    # The access point goes away for a minute: the station notices after its beacon loss, and is
    # back without being asked.
    program = """
import asyncio
from drivers.wifi import WiFi
async def main():
    wifi = WiFi("meters", "correct horse battery")
    print(await wifi.join(10000), wifi.rssi_dbm())
    seen = wifi.is_up()
    for second in range(200):
        await asyncio.sleep_ms(1000)
        if wifi.is_up() != seen:
            seen = wifi.is_up()
            print(second, seen)
asyncio.run(main())
"""
    chip = simulation(vm, program, tmp_path, 300)
    chip.world.at(60 * SECOND_US, lambda: chip.access_point.set_up(False))
    chip.world.at(120 * SECOND_US, lambda: chip.access_point.set_up(True))
    chip.run()
    lines = chip.collector.lives[0].console.splitlines()
    assert lines[0] == "True -61"
    assert [line.split()[1] for line in lines[1:]] == ["False", "True"]
    lost_s, back_s = (int(line.split()[0]) for line in lines[1:])
    assert 60 <= lost_s + 3 <= 68
    assert 118 <= back_s + 3 <= 128


def test_wifi_with_a_wrong_password_never_joins(vm: str, tmp_path: Path) -> None:
    program = """
import asyncio
from drivers.wifi import WiFi
async def main():
    wifi = WiFi("meters", "wrong")
    print(await wifi.join(30000))
    wifi.restart()
    print(await wifi.join(30000))
asyncio.run(main())
"""
    chip = simulation(vm, program, tmp_path, 100)
    chip.run()
    assert chip.collector.lives[0].console.split() == ["False", "False"]


COUNT = """
from time import sleep
from machine import Pin
from drivers.pulse import PulseInput
water = PulseInput(0, Pin(25, Pin.IN, Pin.PULL_UP))
sleep(86400)
print(water.pulses())
"""


def test_ringing_contacts_are_counted_once(vm: str, tmp_path: Path) -> None:
    # Ringing of some microseconds is what the counter's filter is for.
    chip = simulation(vm, COUNT, tmp_path, 86_401)
    chip.run()
    home = chip.scenario.home
    day = len(home.pulses("water", START_S * SECOND_US, (START_S + 86_400) * SECOND_US))
    assert day > 100
    assert int(chip.collector.lives[0].console) == day


def test_a_bouncing_reed_needs_a_filter_on_the_board(vm: str, tmp_path: Path) -> None:
    # Bounce of a millisecond passes the 12.8 us filter: the counter counts it, and the board's
    # README says what to do.
    chip = simulation(vm, COUNT, tmp_path, 86_401)
    reed = PulseInput(chip.scenario.home, "water", 1, bounce_us=1000)
    chip.contacts["water"].__dict__.update(reed.__dict__)
    chip.run()
    home = chip.scenario.home
    day = len(home.pulses("water", START_S * SECOND_US, (START_S + 86_400) * SECOND_US))
    assert int(chip.collector.lives[0].console) > day
