"""A supervised loop: a pulse meter's sensor of the NAMUR kind (IEC 60947-5-6) at two wires that
may be cut or shorted, and the collector's side of it.

The sensor is fed 8.2 V behind 1 kohm, the shunt included. It draws 0.8 mA while it does not
conduct and 3 mA while it does; a comparator pulls the pulse pin low above 1.5 mA.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

NOT_CONDUCTING_UA = 800
CONDUCTING_UA = 3000
SHORTED_UA = 8200  # 8.2 V / 1 kohm
_SWITCHES_UA = 1500
_CLOSED, _OPEN = 0, 1  # levels of the pin


class Contact(Protocol):
    """The meter's own switch, low while it is closed (host_sim/models/pulses.py)."""

    def level(self, t_us: int) -> int:
        """The level at `t_us` (unix)."""
        ...

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When it next changes, in (t_us, limit_us]; None: not in that time."""
        ...


class WireFault(NamedTuple):
    """`current_ua` flows, whatever the sensor does: 0 through a cut wire, SHORTED_UA through a
    short.
    """

    from_us: int  # unix
    lasting_us: int
    current_ua: int


class Loop:
    """The loop of one meter; its wire is good but for the `faults`, which do not overlap."""

    def __init__(self, contact: Contact, faults: Sequence[WireFault]) -> None:
        self._contact = contact
        self._faults = sorted(faults)

    def current_ua(self, t_us: int) -> int:
        """What flows at `t_us`."""
        for fault in self._faults:
            if fault.from_us <= t_us < fault.from_us + fault.lasting_us:
                return fault.current_ua
        return CONDUCTING_UA if self._contact.level(t_us) == _CLOSED else NOT_CONDUCTING_UA

    def shunt_uv(self, t_us: int, shunt_ohm: int) -> int:
        """The voltage over the shunt at `t_us`."""
        return self.current_ua(t_us) * shunt_ohm

    def level(self, t_us: int) -> int:
        """The level of the pulse pin at `t_us`."""
        return _CLOSED if self.current_ua(t_us) > _SWITCHES_UA else _OPEN

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When the pulse pin next changes, in (t_us, limit_us]; None: not in that time."""
        before = self.level(t_us)
        at_us = self._next_change_us(t_us, limit_us)
        while at_us is not None and self.level(at_us) == before:
            at_us = self._next_change_us(at_us, limit_us)
        return at_us

    def _next_change_us(self, t_us: int, limit_us: int) -> int | None:
        """When contact or wire next changes."""
        turns_us = [fault.from_us for fault in self._faults]
        turns_us += [fault.from_us + fault.lasting_us for fault in self._faults]
        contact_us = self._contact.next_edge_us(t_us, limit_us)
        if contact_us is not None:
            turns_us.append(contact_us)
        return min((turn_us for turn_us in turns_us if t_us < turn_us <= limit_us), default=None)
