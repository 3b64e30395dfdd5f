"""How the firmware fits into the heap of the chip: with its code in flash, and by its names."""

import re
from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited
from tests.vm import NO_MICROPYTHON, have_micropython
from tools.build import build

pytestmark = pytest.mark.skipif(not have_micropython(), reason=NO_MICROPYTHON)

INITIAL_HEAP_BYTES = 56 * 1024  # MICROPY_GC_INITIAL_HEAP_SIZE of the ESP32
# MicroPython's table of names is full at 20 + 40 + ... + 640, and then takes 9 KB more (qstr.c).
NAMES_MAX = 1260
MARGIN = 150
SETTINGS = {
    "meter.poll_s": 900,
    "mains.sense": True,
    "water.reverse": "pulses",
    "gas.min_closed_ms": 20,
}
COUNTS_NAMES = """
import asyncio, gc, micropython, sys
gc.threshold(8192)  # as main.py
micropython.qstr_info()
import app, safemode
async def count():
    await asyncio.sleep(600)
    micropython.qstr_info()
    sys.exit()
async def main():
    await asyncio.gather(app.main(safemode.forget_boots), count())
asyncio.run(main())
"""


def test_half_the_heap_is_enough_for_code_in_flash() -> None:
    # A frozen build must not need a heap that has doubled: Wi-Fi and TLS want that memory.
    scenario = Scenario(
        House(1, START_S), 1, 2, settings={"meter.poll_s": 900}, code_in_flash=True
    )
    assert scenario.heap_bytes == INITIAL_HEAP_BYTES
    simulation = Simulation(scenario, "micropython")
    simulation.run()
    assert [(life.ending, life.console) for life in simulation.collector.lives] == [
        ("end of run", "")
    ]
    assert audited(simulation).closes, audited(simulation).remarks
    low = simulation.heap_low_bytes()
    assert low is not None
    assert low > 4096


def test_the_table_of_names_does_not_double(tmp_path: Path) -> None:
    # One name more than fits costs 9 KB at once, half of what is free.
    script = tmp_path / "counts_names.py"
    script.write_text(COUNTS_NAMES)
    scenario = Scenario(House(1, START_S), 1, 1, settings=SETTINGS)
    scripts = (build(scenario.board) / "boot.py", script)
    simulation = Simulation(scenario, "micropython", scripts=scripts)
    simulation.run()
    console = simulation.collector.lives[0].console
    before, after = (int(count) for count in re.findall(r"n_qstr=(\d+)", console))
    assert 0 < after - before < NAMES_MAX - MARGIN
