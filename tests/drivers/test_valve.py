"""The valve's two outputs on the simulated chip, on both interpreters."""

from pathlib import Path

from tests.drivers.chip import SECOND_US, printed, simulation

PROGRAM = """
import asyncio
from machine import Pin
from drivers.valve import Valve
async def main():
    valve = Valve(Pin(18, Pin.OUT, value=0), Pin(19, Pin.OUT, value=0), 7)
    await asyncio.sleep_ms(1000)
    await valve.move(1)
    print("closed")
    await valve.move(0)
    print("open")
    moving = asyncio.create_task(valve.move(1))
    await asyncio.sleep_ms(2000)
    moving.cancel()
    await asyncio.sleep_ms(100)
asyncio.run(main())
"""


def test_one_output_at_a_time_for_as_long_as_it_travels(vm: str, tmp_path: Path) -> None:
    chip = simulation(vm, PROGRAM, tmp_path, 30)
    chip.run()
    assert printed(chip) == ["closed", "open"]
    opens, closes = (
        [(at_us // SECOND_US, level) for at_us, level in chip.chip.outputs(pin)]
        for pin in (18, 19)
    )
    assert opens == [(0, 0), (8, 1), (15, 0)]
    # what is broken off leaves no motor running
    assert closes == [(0, 0), (1, 1), (8, 0), (15, 1), (17, 0)]
