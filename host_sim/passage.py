"""What becomes of one connection to the broker on its way through the network: how long its bytes
are under way, and what goes wrong after which byte.
"""

from collections.abc import Callable
from typing import NamedTuple

UP, DOWN = "up", "down"  # from the collector, to the collector
# What a connection suffers: its bytes wait, both ends are told that it is over, the broker ends
# it, or nothing passes any more and nobody is told; or the collector's supply goes.
STALL, RESET, CLOSE, SILENCE, POWER = "stall", "reset", "close", "silence", "power"


class Mishap(NamedTuple):
    """Something that happens when so many bytes have passed on one way of a connection: to the
    connection (above), or whatever else a `Fault` may be (scenario.py), for `lasting_us`.
    """

    way: str
    after_bytes: int
    what: str
    lasting_us: int = 0


class Passage(NamedTuple):
    """One connection. spread_us: how much longer than half a round trip a piece may take."""

    round_trip_us: int
    spread_us: int = 0
    mishaps: tuple[Mishap, ...] = ()


# Of the connection of that number, from 0, begun at that microsecond of the world.
Passages = Callable[[int, int], Passage]
