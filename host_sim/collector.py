"""The collector as hardware: a chip with its flash and wiring, whose program runs in a process of
its own.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from host_sim.file_system import FileSystem
from host_sim.peripherals.chip import PWRON_RESET, Chip, ChipReset
from host_sim.peripherals.power import PowerLost
from host_sim.peripherals.request import Operations
from host_sim.process import FirmwareProcess, ProcessEnded, bench_heap_bytes
from host_sim.shims import ops
from host_sim.world import FOREVER_US, World


class EndOfRun(Exception):
    """The scenario is over."""


class Parts(NamedTuple):
    """What is soldered to the chip or wired to its pins, as operations and as things that feel a
    reset.
    """

    operations: Operations
    on_reset: list[Callable[[], None]]
    on_power: list[Callable[[bool], None]]


class Life(NamedTuple):
    """One boot: when, why, and how it ended (with the end of the console, if the program died)."""

    began_us: int
    cause: int
    ended_us: int
    ending: str
    console: str


class Collector:
    """Runs the firmware from reset to reset until the scenario ends."""

    def __init__(
        self,
        world: World,
        chip: Chip,
        parts: Parts,
        vm: str,
        board: str,
        heap_bytes: int,
        scripts: Sequence[Path] = (),
        code_in_flash: bool = False,
        site: Path | None = None,
    ) -> None:
        """`scripts`: what to run instead of the firmware's boot.py and main.py. `site`: what is in
        site/ on the board at first.
        """
        self._world = world
        self._chip = chip
        self._parts = parts
        self._vm = vm
        self._board = board
        self._scripts = scripts
        self._code_in_flash = code_in_flash
        self._files = FileSystem(vm, board, site) if site else None
        self._operations = chip.operations() | parts.operations | {ops.HELLO: lambda _: 0}
        self.bench_heap_bytes = bench_heap_bytes(vm, board, code_in_flash, bool(site))
        self._heap_bytes = heap_bytes + self.bench_heap_bytes
        self.lives: list[Life] = []
        self.powered = True

    def cut_power(self, off_us: int) -> None:
        """Take the supply away now, for `off_us`, unless it is away already. To be called as an
        event of the world.
        """
        if self.powered:
            self._off_us = off_us
            raise PowerLost

    def crash(self, cause: int) -> None:
        """The chip resets itself: a panic, or a brown-out. Call it as an event of the world."""
        raise ChipReset(cause)

    def hang(self) -> None:
        """The firmware stands still until the watchdog bites. Call it as an event of the world."""
        self._world.run_until(FOREVER_US)

    def run_until(self, end_us: int) -> None:
        """Live through resets and power cuts until `end_us`."""
        self._world.at(end_us, self._end)
        reset = ChipReset(PWRON_RESET)
        try:
            while True:
                reset = self._live(reset)
        except EndOfRun:
            return

    def _end(self) -> None:
        raise EndOfRun

    def _live(self, begun_by: ChipReset) -> ChipReset:
        """One life; returns the reset that ends it."""
        began_us = self._world.now_us
        self._chip.reset(begun_by.cause, begun_by.in_order)
        for reset in self._parts.on_reset:
            reset()
        process = FirmwareProcess(
            self._vm,
            self._board,
            self._heap_bytes,
            self._scripts,
            self._code_in_flash,
            self._files and self._files.root,
        )
        ending, dark_us = "end of run", 0
        try:
            self._serve(process)
            ending = "the program ended"
            # only the watchdog, the mains or the end of the run can follow
            self._world.run_until(FOREVER_US)
            raise AssertionError("the world has no end")
        except ChipReset as reset:
            ending = ending if ending != "end of run" else f"reset {reset.cause}"
            return reset
        except PowerLost:
            ending, lost_us = "power lost", self._world.now_us
            self._wait_for_power()
            dark_us = self._world.now_us - lost_us
            return ChipReset(PWRON_RESET)
        finally:
            ended_us = self._world.now_us - dark_us
            life = Life(began_us, begun_by.cause, ended_us, ending, process.console())
            self.lives.append(life)
            process.kill()

    def _serve(self, process: FirmwareProcess) -> None:
        """Answer the firmware until its program ends."""
        operations, world, chip = self._operations, self._world, self._chip
        try:
            for request in process.requests():
                if request.op >= ops.POST:
                    operations[request.op](request)
                    continue
                answer = operations[request.op](request)
                result, payload = answer if isinstance(answer, tuple) else (answer, b"")
                process.answer(
                    world.now_us, result, payload, chip.take_interrupts(), chip.readiness()
                )
        except ProcessEnded:
            return

    def _wait_for_power(self) -> None:
        self._chip.reset(PWRON_RESET)  # whatever would interrupt or reset it finds it dead
        self.powered = False
        for power in self._parts.on_power:
            power(False)
        self._world.run_until(self._world.now_us + self._off_us)
        self.powered = True
        for power in self._parts.on_power:
            power(True)
        self._chip.lose_power()
