"""Flash partitions of the chip: the board's partition table over NOR models, charged with the data
sheet's times.
"""

import contextlib
import csv
import errno
from collections.abc import Callable
from pathlib import Path

from host_sim.models.nor import (
    CUTS,
    ERASE_US,
    PROGRAM_TABLE_US,
    READ_TABLE_US,
    SECTOR_BYTES,
    Nor,
    PowerCut,
)
from host_sim.peripherals.power import PowerLost
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops
from host_sim.trace import Trace
from host_sim.world import World


def data_partitions(table: Path) -> dict[str, int]:
    """Sizes in bytes, by label, of the raw data partitions (subtype 0x40 and above) in an ESP-IDF
    partition table.
    """
    sizes = {}
    with table.open(newline="") as rows:
        for row in csv.reader(line for line in rows if not line.startswith("#")):
            label, kind, subtype, _, size = (cell.strip() for cell in row[:5])
            if kind == "data" and subtype.startswith("0x") and int(subtype, 16) >= 0x40:
                sizes[label] = int(size, 0)
    return sizes


class Flash:
    """`esp32.Partition` for the raw partitions. A power cut inside an operation leaves it half
    done.
    """

    def __init__(
        self, world: World, trace: Trace, sizes: dict[str, int], seed: int, write_once: bool
    ) -> None:
        self._world = world
        self._trace = trace
        self.is_busy = False
        self._labels = list(sizes)
        self._chips = [
            Nor(size, seed=seed + place, write_once_16=write_once)
            for place, size in enumerate(sizes.values())
        ]

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {
            ops.PARTITION_FIND: self._find,
            ops.PARTITION_READ: self._read,
            ops.PARTITION_WRITE: self._write,
            ops.PARTITION_ERASE: self._erase,
        }

    def chip(self, label: str) -> Nor:
        """The flash of a partition."""
        return self._chips[self._labels.index(label)]

    def power(self, on: bool) -> None:
        """The supply comes or goes."""
        for chip in self._chips:
            if on:
                chip.power_on()
            else:
                chip.power_off()

    def _find(self, request: Request) -> Answer:
        label = request.data.decode()
        if label not in self._labels:
            return -errno.ENOENT
        place = self._labels.index(label)
        return self._chips[place].size // SECTOR_BYTES, bytes((place,))

    def _read(self, request: Request) -> Answer:
        try:
            data = self._chips[request.handle].read(request.a, request.b)
        except OSError as error:
            return -(error.errno or errno.EIO)
        self._world.run_until(self._world.now_us + READ_TABLE_US[request.b])
        return 0, data

    def _write(self, request: Request) -> Answer:
        chip = self._chips[request.handle]
        address, data = request.a, request.data
        label = self._labels[request.handle]
        self._trace.add(self._world.now_us, f"program {label} {address:#x}", data)
        return self._change(chip, PROGRAM_TABLE_US[len(data)], lambda: chip.program(address, data))

    def _erase(self, request: Request) -> Answer:
        chip = self._chips[request.handle]
        self._trace.add(
            self._world.now_us, f"erase {self._labels[request.handle]} {request.a}", b""
        )
        return self._change(chip, ERASE_US, lambda: chip.erase(request.a))

    def _change(self, chip: Nor, takes_us: int, change: Callable[[], None]) -> Answer:
        self.is_busy = True
        try:
            self._world.run_until(self._world.now_us + takes_us)
        except PowerLost:
            chip.cut_after(1, self._world.random.choice(CUTS))
            with contextlib.suppress(PowerCut, OSError):
                change()
            raise
        finally:
            self.is_busy = False
        try:
            change()
        except OSError as error:
            return -(error.errno or errno.EIO)
        return 0
