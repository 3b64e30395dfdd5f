"""A program in the firmware's place, on 32-bit MicroPython, over one flash partition that charges
every operation: the same process, pipe and NOR model that the firmware runs on.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from host_sim.clocks import DiscreteClock
from host_sim.models.nor import Nor
from host_sim.peripherals.flash import Flash
from host_sim.peripherals.request import Answer, Request
from host_sim.process import FirmwareProcess, ProcessEnded, bench_heap_bytes
from host_sim.scenario import ESP32_HEAP_BYTES
from host_sim.shims import ops
from host_sim.trace import Trace
from host_sim.world import World

VM = "micropython"
BOARD = "esp32_devkit"
PROGRAMS = Path(__file__).parent / "on_chip"
# What a program reports: the handle of its ops.REPORT (the programs have the same numbers).
MARK, TASK, RESULT = 0, 1, 2


class BenchError(Exception):
    """The program died; the text is the end of its console."""


class Cost(NamedTuple):
    """What the flash did in one stretch; `busy_us` by the data sheet's times."""

    reads: int
    bytes_read: int
    programs: int
    bytes_programmed: int
    erases: int
    busy_us: int


class Measured(NamedTuple):
    """`costs`: of every stretch that ended with a mark, by its word, in order; `told`: what the
    program said at its end.
    """

    costs: dict[str, list[Cost]]
    told: dict[str, Any]


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of all."""
    return Cost(*map(sum, zip(*costs, strict=True)))


def run_on_flash(
    program: str, task: dict[str, Any], size_bytes: int, write_once: bool = False
) -> Measured:
    """Run `program` of the folder `on_chip` with its task over an erased partition `journal`."""
    world = World(DiscreteClock(), 1, 0)
    flash = Flash(world, Trace(), {"journal": size_bytes}, 1, write_once)
    marks = _Marks(flash.chip("journal"), task)
    operations = flash.operations() | {ops.HELLO: lambda _: 0, ops.REPORT: marks.report}
    heap_bytes = ESP32_HEAP_BYTES + bench_heap_bytes(VM, BOARD)
    process = FirmwareProcess(VM, BOARD, heap_bytes, [PROGRAMS / program])
    try:
        for request in process.requests():
            answer = operations[request.op](request)
            result, payload = answer if isinstance(answer, tuple) else (answer, b"")
            process.answer(world.now_us, result, payload, [], False)
    except ProcessEnded:
        if process.process.returncode:
            raise BenchError(f"{program}: {process.console()}") from None
    finally:
        process.kill()
    return Measured(marks.costs, marks.told)


class _Marks:
    """Hands the program its task, and books what the flash did to the marks it sends."""

    def __init__(self, nor: Nor, task: dict[str, Any]) -> None:
        self.costs: defaultdict[str, list[Cost]] = defaultdict(list)
        self.told: dict[str, Any] = {}
        self._nor = nor
        self._task = task
        self._before = self._now()

    def report(self, request: Request) -> Answer:
        if request.handle == TASK:
            return 0, json.dumps(self._task).encode()
        if request.handle == RESULT:
            self.told = json.loads(request.data)
            return 0
        now = self._now()
        cost = Cost(*(new - old for new, old in zip(now, self._before, strict=True)))
        self.costs[request.data.decode()].append(cost)
        self._before = now
        return 0

    def _now(self) -> Cost:
        return Cost(*(getattr(self._nor, name) for name in Cost._fields))
