"""A meter described by a table: which quantity stands where, and how it is written."""

import math
import random
import struct
from typing import NamedTuple

from host_sim.models.home import Home
from host_sim.models.meters.dials import DialPlate, Dials
from host_sim.models.meters.quantities import quantities
from host_sim.models.meters.supply import Supply

_WORDS = {"uint16": 1, "int16": 1, "uint32": 2, "int32": 2, "float32": 2, "int64": 4}


class Register(NamedTuple):
    """A quantity at a wire address, as a `kind` of number: the quantity times `num` / `den`. A
    kind of integer shows whole steps only.
    """

    address: int
    quantity: str
    kind: str
    num: int = 1
    den: int = 1

    @property
    def places(self) -> range:
        """The addresses it takes."""
        return range(self.address, self.address + _WORDS[self.kind])

    def words(self, value: float, low_first: bool) -> list[int]:
        """`value`, written."""
        if self.kind == "float32":
            return float32_words(value * self.num / self.den, low_first)
        size = _WORDS[self.kind]
        pattern = math.floor(value * self.num // self.den) % (1 << 16 * size)
        words = [pattern >> 16 * place & 0xFFFF for place in range(size)]
        return words if low_first else words[::-1]


class Table(NamedTuple):
    """One kind of meter.

    name: what its opening registers are drawn with, beside the seed.
    function: the Modbus function that reads it; any other gets exception 2.
    deal: its phases (supply.py).
    grain: reads must begin and end at a multiple of so many registers.
    blank: where a register that is not in the table reads zero; elsewhere it is exception 2.
    """

    name: str
    function: int
    registers: tuple[Register, ...]
    deal: tuple[int, ...]
    dials: DialPlate
    low_first: bool = False
    grain: int = 1
    blank: tuple[range, ...] = ()


class TableMeter:
    """One meter at one home, by its table; see meter.py for what it answers."""

    def __init__(
        self,
        table: Table,
        home: Home,
        seed: int,
        opening_import_wh: int | None = None,
        opening_export_wh: int | None = None,
    ) -> None:
        rng = random.Random(f"{table.name}/{seed}")
        dials = Dials(table.dials, home, rng, opening_import_wh, opening_export_wh)
        self.import_wh = dials.import_wh
        self.export_wh = dials.export_wh
        self._table = table
        self._quantities = quantities(Supply(home, table.deal, rng), dials)

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        """See `Meter`."""
        table = self._table
        if function != table.function or address % table.grain or count % table.grain:
            return None
        wanted = range(address, address + count)
        image = {place: 0 for place in wanted if any(place in span for span in table.blank)}
        for register in table.registers:
            if register.places.start < wanted.stop and wanted.start < register.places.stop:
                value = self._quantities[register.quantity](t_us)
                words = register.words(value, table.low_first)
                image.update(zip(register.places, words, strict=True))
        if any(place not in image for place in wanted):
            return None
        return [image[place] for place in wanted]


def float32_words(value: float, low_first: bool = False) -> list[int]:
    """The nearest float32, as two registers."""
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    return [low, high] if low_first else [high, low]
