"""A program in the firmware's place, on 32-bit MicroPython, at one RS-485 pair with slaves: the
same process, pipe, chip, UART and bus model that the firmware runs on. All in virtual time, and
the program's own instructions take none: what is measured is waiting.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from host_sim.clocks import DiscreteClock
from host_sim.collector import Collector, Parts
from host_sim.models.modbus_slave import ModbusSlave
from host_sim.peripherals.bus import Bus
from host_sim.peripherals.chip import Chip
from host_sim.peripherals.request import Answer, Request
from host_sim.peripherals.uart import UART, UARTs
from host_sim.scenario import ESP32_HEAP_BYTES
from host_sim.shims import ops
from host_sim.wiring import WIRINGS
from host_sim.world import World
from tools.bench.flash import BOARD, PROGRAMS, TASK, VM, BenchError

LONGEST_US = 3600 * 1_000_000


class Heard(NamedTuple):
    """What the program said at its end, and what the line saw."""

    told: dict[str, Any]
    frames: int
    gap_violations: int


def counting(function: int, address: int, count: int, t_us: int) -> list[int]:
    """Registers that hold their own number."""
    return list(range(address, address + count))


def run_on_wire(
    program: str, task: Mapping[str, Any], slaves: tuple[int, ...], turnaround_us: int = 0
) -> Heard:
    """Run `program` of the folder `on_chip` with its task; the slaves at these addresses answer
    `turnaround_us` after the request, but not before its 3.5 characters of silence are over.
    """
    wiring = WIRINGS[BOARD]
    pin, number = wiring.rs485_direction_pin, wiring.rs485_uart
    assert pin is not None
    world = World(DiscreteClock(), 1, 0)
    chip = Chip(world, wiring.unique_id)
    bus = Bus(world, [_slave(each, turnaround_us) for each in slaves], lambda: chip.outputs(pin))
    uarts = UARTs(chip, {number: UART(chip, bus)})
    told: dict[str, Any] = {}

    def report(request: Request) -> Answer:
        if request.handle == TASK:
            return 0, json.dumps({**task, "uart": number, "direction_pin": pin}).encode()
        told.update(json.loads(request.data))
        return 0

    parts = Parts(uarts.operations() | {ops.REPORT: report}, [], [])
    script: list[Path] = [PROGRAMS / program]
    collector = Collector(world, chip, parts, VM, BOARD, ESP32_HEAP_BYTES, script)
    collector.run_until(LONGEST_US)
    if not told:
        raise BenchError(f"{program}: {collector.lives[0].console}")
    return Heard(told, bus.frames, bus.gap_violations)


def _slave(address: int, turnaround_us: int) -> ModbusSlave:
    slave = ModbusSlave(address, counting)
    slave.turnaround_us = turnaround_us
    return slave
