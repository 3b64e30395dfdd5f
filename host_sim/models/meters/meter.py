"""What every simulated electricity meter is to the rest of the bench."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from host_sim.models.home import Home
from host_sim.models.line_settings import LineSettings


class Meter(Protocol):
    """A register source for `ModbusSlave`, and the truth about what its energy registers show."""

    def __call__(self, function: int, address: int, count: int, t_us: int) -> list[int] | None:
        """`count` words from `address`, all of one moment `t_us` (unix); None: exception 2."""
        ...

    def import_wh(self, t_us: int) -> int:
        """What the register of the energy delivered to the home shows, in Wh, exactly.

        On a meter that does not tell directions apart it is the energy of both.
        """
        ...

    def export_wh(self, t_us: int) -> int | None:
        """What the register of the energy received from the home shows, in Wh, exactly; None
        where the meter has none.
        """
        ...


class MeterModel(NamedTuple):
    """One kind of meter: its factory settings, the most registers of one read, and how to hang
    one onto a home (`make(home, seed)`).
    """

    title: str
    settings: LineSettings
    max_count: int
    make: Callable[[Home, int], Meter]
