"""A stranger at the other end of the wire: the firmware's Modbus driver reads a real pymodbus
server over a real pseudo-terminal. Our own slave model could share a misunderstanding with the
driver; pymodbus, which also encodes the values, does not.
"""

import json
import os
import select
import subprocess
import sys
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymodbus.client.mixin import ModbusClientMixin

from host_sim.clocks import ScaledClock
from host_sim.models.house import House
from host_sim.peripherals.terminal import TerminalLine
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from lib import decode
from lib.profile import Profile
from lib.profile_text import load
from tests.sim.bench import COLLECTOR, START_S
from tests.vm import FIRMWARE

TRIES, TRY_S = 100, 0.2
SLAVE = Path(__file__).with_name("slave_program.py")
TYPES = {value: ModbusClientMixin.DATATYPE[name.upper()] for name, value in decode.TYPES.items()}
PROFILES = sorted(path.stem for path in FIRMWARE.glob("profiles/*.txt"))

Words = list[tuple[int, list[int]]]


@contextmanager
def served(registers: Words, function: int = 4) -> Iterator[int]:
    """The collector's end of a terminal pair whose other end pymodbus serves."""
    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    slave = subprocess.Popen(
        [sys.executable, str(SLAVE), os.ttyname(theirs), json.dumps(registers)]
    )
    try:
        await_answer(ours, function, registers[0][0])
        yield ours
    finally:
        slave.kill()
        slave.wait()
        os.close(ours)
        os.close(theirs)


def await_answer(terminal: int, function: int, register: int) -> None:
    """Ask for one register until the slave program has started and answers."""
    head = bytes((1, function, register >> 8, register & 0xFF, 0, 1))
    for _ in range(TRIES):
        os.write(terminal, head + crc16(head))
        if select.select([terminal], [], [], TRY_S)[0]:
            while select.select([terminal], [], [], TRY_S)[0]:
                os.read(terminal, 256)
            return
    raise AssertionError("pymodbus does not answer on the terminal")


def crc16(data: bytes) -> bytes:
    """Modbus' CRC, low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc.to_bytes(2, "little")


def encoded(value: float, kind: int, low_first: bool) -> list[int]:
    """The words of a value, by pymodbus."""
    order = "little" if low_first else "big"
    number = value if kind & 16 else int(value)
    return ModbusClientMixin.convert_to_registers(number, TYPES[kind], word_order=order)


@pytest.mark.long_on_micropython
def test_pymodbus_answers_the_firmware(vm: str) -> None:
    energy = [*encoded(4321.9, decode.TYPES["float32"], False)]
    energy += encoded(1234.567, decode.TYPES["float32"], False)
    with served([(0, [0] * 18), (52, [0] * 20 + energy)]) as terminal:
        clock = ScaledClock(600)
        line = TerminalLine(clock, terminal)
        simulation = Simulation(Scenario(House(1, START_S), 1, hours=2), vm, clock, line=line)
        simulation.run()
    assert simulation.ledger is not None
    books = simulation.ledger.books(COLLECTOR)
    assert books.channels["electricity_delivered"].last_close == 4_321_900
    assert books.channels["electricity_received"].last_close == 1_234_567
    assert books.closed


def register_image(profile: Profile) -> tuple[Words, list[int]]:
    """Registers for pymodbus, all of each block, and the values that the firmware must read."""
    words = {}
    for function, first, count in profile.blocks:
        words |= {(function, first + i): 0 for i in range(count)}
    expected = []
    for place, (function, register, kind, low_first, num, den, _, _) in enumerate(profile.fields):
        value = 1000 * (place + 1) + (0.5 if kind & 16 else 0)  # exact in every type
        for i, word in enumerate(encoded(value, kind, low_first)):
            words[function, register + i] = word
        doubled = int(value * 2) * num
        expected.append((doubled + den) // (2 * den))
    blocks = [
        (first, [words[function, first + i] for i in range(count)])
        for function, first, count in profile.blocks
    ]
    return blocks, expected


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_reads_pymodbus(vm: str, name: str, tmp_path: Path) -> None:
    with (FIRMWARE / "profiles" / f"{name}.txt").open() as text:
        profile = load(text, name)
    registers, expected = register_image(profile)
    script = tmp_path / "program.py"
    script.write_text(
        f"""
import asyncio
import board
from drivers.meter import Meter
from lib import profile_text
with open("profiles/{name}.txt") as text:
    model = profile_text.load(text, "{name}")
master = board.make().modbus(model.baud_bps, model.parity, model.stop_bits, 300)
print(asyncio.run(Meter(master, model, 1).poll()))
"""
    )
    with served(registers, profile.blocks[0][0]) as terminal:
        clock = ScaledClock(600)
        line = TerminalLine(clock, terminal)
        scenario = Scenario(House(1, START_S), 1, hours=0, grace_us=60_000_000)
        simulation = Simulation(scenario, vm, clock, line=line, scripts=(script,))
        simulation.run()
    assert simulation.collector.lives[0].console.strip() == str(expected)
