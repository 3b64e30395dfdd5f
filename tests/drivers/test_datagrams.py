"""drivers.datagrams against the world's name and time servers: nothing stands still while they are
asked.
"""

from pathlib import Path

from tests.drivers.chip import SECOND_US, printed, simulation
from tests.sim.bench import START_S

BEGIN = """
import asyncio
import time
from drivers import datagrams
from drivers.wifi import WiFi
ticks = 0
wifi = WiFi("meters", "correct horse battery")
async def tick():
    global ticks
    while True:
        await asyncio.sleep_ms(10)
        ticks += 1
async def told(question, host):
    start_ms = time.ticks_ms()
    before = ticks
    answer = await question(host, wifi)
    took_ms = time.ticks_diff(time.ticks_ms(), start_ms)
    print(answer, took_ms // 1000, abs(ticks - before - took_ms // 10) < 9)
    return answer
async def main():
    await wifi.join(10000)
    asyncio.create_task(tick())
"""
END = """
began_ms = time.ticks_ms()
asyncio.run(main())
"""
NAMES = """
    for host in ("broker.city", "192.0.2.33", "meter.local", "other.city", "broker.city"):
        await told(datagrams.address_of, host)
        if host == "meter.local":
            await asyncio.sleep_ms(20000 - time.ticks_diff(time.ticks_ms(), began_ms))
"""
TIMES = """
    for host in ("silent.city", "early.city"):
        answer = await told(datagrams.time_of, host)
        if answer:
            print(answer[0] + answer[1] - time.ticks_diff(time.ticks_ms(), began_ms))
"""


def test_names_and_addresses(vm: str, tmp_path: Path) -> None:
    # The server is away from the 10th to the 27th second; meanwhile a neighbour answers for
    # itself. Of the two names that are asked for from the 20th on, one is given up after six
    # questions; the other's second question is answered.
    chip = simulation(vm, BEGIN + NAMES + END, tmp_path, 60)
    chip.world.at(10 * SECOND_US, lambda: setattr(chip.sockets, "names_up", False))
    chip.world.at(27 * SECOND_US, lambda: setattr(chip.sockets, "names_up", True))
    chip.run()
    known, neighbour = "198.51.100.1", "198.51.100.2"
    expected = f"{known} 0 True 192.0.2.33 0 True {neighbour} 0 True None 6 True {known} 1 True"
    assert printed(chip) == expected.split()


def test_the_time_to_some_milliseconds(vm: str, tmp_path: Path) -> None:
    # One server says nothing, the other is half a second early, to the millisecond. The program
    # began before the network was there, at a moment that is known to the world only.
    def servers(host: str, unix_us: int) -> int | None:
        return unix_us - 500_000 if host == "early.city" else None

    chip = simulation(vm, BEGIN + TIMES + END, tmp_path, 60, time_servers=servers)
    chip.run()
    words = printed(chip)
    assert words[:3] == ["None", "1", "True"]
    window_ms = int(words[4].strip(")"))
    assert words[5:7] == ["0", "True"]
    assert 30 <= window_ms <= 60
    late_ms = int(words[7]) - (START_S * 1000 - 500)
    assert 0 <= late_ms <= 60
