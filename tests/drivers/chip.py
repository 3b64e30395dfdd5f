"""A simulated chip that runs a test's program in the firmware's place."""

from pathlib import Path
from typing import Any

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S

SECOND_US = 1_000_000
_WATCHES_MAINS = """
import asyncio
import time
from machine import ADC, Pin
{imported}
async def main():
    mains = {made}
    began_ms = time.ticks_ms()
    print(0, mains.is_there())
    for _ in range({changes}):
        await mains.change()
        print(time.ticks_diff(time.ticks_ms(), began_ms), mains.is_there())
asyncio.run(main())
"""


def simulation(vm: str, program: str, folder: Path, seconds: int, **further: Any) -> Simulation:
    """A chip that runs `program` for so long, not started yet; `further` as for a Scenario."""
    script = folder / "program.py"
    script.write_text(program)
    grace_us = seconds * SECOND_US
    scenario = Scenario(House(1, START_S), 1, hours=0, grace_us=grace_us, **further)
    return Simulation(scenario, vm, scripts=(script,))


def watching(imported: str, made: str, changes: int) -> str:
    """A program that prints whether there is mains, at the start and at so many changes, each with
    its millisecond. imported: the line that gets the sense; made: how it is made.
    """
    return _WATCHES_MAINS.format(imported=imported, made=made, changes=changes)


def printed(chip: Simulation) -> list[str]:
    """What the program printed in its first life, word by word."""
    return chip.collector.lives[0].console.split()
