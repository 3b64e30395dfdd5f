"""PCNT units: hardware counters that run on while the firmware does anything else, until a reset
clears them.
"""

import errno
from collections.abc import Mapping
from typing import Protocol

from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops
from host_sim.world import World

EDGES = {1: "rising", 2: "falling", 3: "both"}  # machine.Counter's RISING and FALLING


class Tally(Protocol):
    """Counts the edges of one contact behind one filter."""

    def value(self, now_us: int) -> int:
        """Edges since the home began, at `now_us` (unix)."""
        ...


class Contact(Protocol):
    """A pulse output wired to a pin (host_sim/models/pulses.py)."""

    def counter(self, filter_ns: int, edge: str = "rising") -> Tally:
        """What a hardware counter with this glitch filter sees of it."""
        ...


class Counters:
    """The chip's PCNT units over the contacts wired to its pins.

    How many units: 8 on an ESP32, 4 on S2, S3 and C6, none on a C3.
    """

    def __init__(self, world: World, contacts: Mapping[int, Contact], units: int) -> None:
        self._world = world
        self._contacts = contacts
        self._count = units
        self._units: dict[int, tuple[Tally | None, int]] = {}

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {ops.COUNTER_OPEN: self._open, ops.COUNTER_VALUE: self._value}

    def reset(self) -> None:
        """Any reset, a soft one too, clears the counters (esp32_pcnt_deinit_all)."""
        self._units.clear()

    def _open(self, request: Request) -> Answer:
        if request.handle >= self._count:
            return -errno.ENODEV
        contact = self._contacts.get(request.a)
        tally = contact.counter(request.b, EDGES[request.data[0]]) if contact else None
        self._units[request.handle] = (tally, tally.value(self._world.unix_us) if tally else 0)
        return 0

    def _value(self, request: Request) -> Answer:
        tally, zero = self._units[request.handle]
        return tally.value(self._world.unix_us) - zero if tally else 0
