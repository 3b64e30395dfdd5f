"""What happens to one simulation from outside: the faults of scenario.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from host_sim.peripherals.chip import HARD_RESET, PWRON_RESET
from host_sim.scenario import Fault

if TYPE_CHECKING:
    from host_sim.simulation import Simulation


class Happenings:
    """Lets faults begin and end. broker_up: whether the broker takes connections."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._world = simulation.world
        self.broker_up = True
        collector = simulation.collector
        self._kinds: dict[str, Callable[[int], None]] = {
            "access_point": self._away(simulation.access_point.set_up),
            "broker": self._away(self._set_broker),
            "amnesia": self._away(lambda up: self._set_broker(up, keep_sessions=False)),
            "names": self._away(self._set_names),
            "head_end": self._away(self._set_head_end),
            "bus_cut": self._away(simulation.bus.set_whole),
            "power": collector.cut_power,
            "panic": lambda _: collector.crash(HARD_RESET),
            "brownout": lambda _: collector.crash(PWRON_RESET),
            "hang": lambda _: collector.hang(),
            "mains": self._lose_mains,
        }

    def plan(self, fault: Fault) -> None:
        """Let it begin when its time has come."""
        begin = self._kinds[fault.what]
        self._world.at(fault.at_us, lambda: begin(fault.lasting_us))

    def begin(self, what: str, lasting_us: int) -> None:
        """Let it begin now."""
        self._kinds[what](lasting_us)

    def _away(self, set_up: Callable[[bool], None]) -> Callable[[int], None]:
        def begin(lasting_us: int) -> None:
            set_up(False)
            self._world.after(lasting_us, lambda: set_up(True))

        return begin

    def _set_broker(self, up: bool, keep_sessions: bool = True) -> None:
        self.broker_up = up
        if not up:
            self._simulation.broker.restart(keep_sessions)

    def _set_head_end(self, up: bool) -> None:
        if self._simulation.head_end is not None:
            self._simulation.head_end.set_up(up)

    def _set_names(self, up: bool) -> None:
        self._simulation.sockets.names_up = up

    def _lose_mains(self, lasting_us: int) -> None:
        """The capacitor bridges a short outage; of a longer one it leaves the rest."""
        hold_up_us = self._simulation.scenario.hold_up_us
        dark_us = lasting_us - hold_up_us
        if dark_us > 0:
            self._world.after(hold_up_us, lambda: self._simulation.collector.cut_power(dark_us))
