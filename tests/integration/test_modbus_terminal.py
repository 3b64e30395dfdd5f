"""A stranger at the other end of the wire: the firmware's Modbus driver reads a real pymodbus
server over a real pseudo-terminal. Our own slave model could share a misunderstanding with the
driver; pymodbus does not.
"""

import os
import select
import subprocess
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_sim.clocks import ScaledClock
from host_sim.models.house import House
from host_sim.peripherals.terminal import TerminalLine
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, START_S

TRIES, TRY_S = 100, 0.2
ASK_ONE_REGISTER = bytes.fromhex("01 04 0000 0001 31ca")
SLAVE = Path(__file__).with_name("slave_program.py")


@pytest.fixture
def master_end() -> Iterator[int]:
    """The collector's end of a terminal pair whose other end pymodbus serves."""
    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    slave = subprocess.Popen([sys.executable, str(SLAVE), os.ttyname(theirs)])
    try:
        await_answer(ours)
        yield ours
    finally:
        slave.kill()
        slave.wait()
        os.close(ours)
        os.close(theirs)


def await_answer(terminal: int) -> None:
    """Ask for one register until the slave program has started and answers."""
    for _ in range(TRIES):
        os.write(terminal, ASK_ONE_REGISTER)
        if select.select([terminal], [], [], TRY_S)[0]:
            while select.select([terminal], [], [], TRY_S)[0]:
                os.read(terminal, 256)
            return
    raise AssertionError("pymodbus does not answer on the terminal")


def test_pymodbus_answers_the_firmware(vm: str, master_end: int) -> None:
    clock = ScaledClock(600)
    line = TerminalLine(clock, master_end)
    simulation = Simulation(Scenario(House(1, START_S), 1, hours=2), vm, clock, line=line)
    simulation.run()
    assert simulation.ledger is not None
    books = simulation.ledger.books(COLLECTOR)
    assert books.channels["electricity_delivered"].last_close == 4_321_900
    assert books.channels["electricity_received"].last_close == 1_234_567
    assert books.closed
