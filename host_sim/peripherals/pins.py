"""Input pins with something on them: their level, and the interrupts that its changes raise."""

from typing import Protocol

from host_sim.peripherals.chip import Chip
from host_sim.world import World

_LOOKAHEAD_US = 3_600_000_000


class Source(Protocol):
    """What drives a pin (host_sim/models/pulses.py, mains.py)."""

    def level(self, t_us: int) -> int:
        """The pin's level at `t_us` (unix)."""
        ...

    def next_edge_us(self, t_us: int, limit_us: int) -> int | None:
        """When the pin next changes, in (t_us, limit_us]; None: not in that time."""
        ...


class Pins:
    """Watches a source from edge to edge while the firmware has armed an interrupt on its pin, and
    costs nothing else.
    """

    def __init__(self, world: World, chip: Chip, sources: dict[int, Source]) -> None:
        self._world = world
        self._chip = chip
        self._sources: dict[int, Source] = {}
        self._armed: dict[int, object] = {}
        chip.on_armed = self._arm
        for pin, source in sources.items():
            self.wire(pin, source)

    def wire(self, pin: int, source: Source) -> None:
        """Let `source` drive `pin`."""
        self._sources[pin] = source
        self._chip.inputs[pin] = lambda: source.level(self._world.unix_us)

    def reset(self) -> None:
        """No interrupt is armed any more."""
        self._armed.clear()

    def _arm(self, pin: int) -> None:
        if pin in self._sources:
            self._armed[pin] = token = object()
            self._watch(pin, token)

    def _watch(self, pin: int, token: object) -> None:
        """Be there when the pin next changes."""
        now_us = self._world.unix_us
        at_us = self._sources[pin].next_edge_us(now_us, now_us + _LOOKAHEAD_US)
        wait_us = (now_us + _LOOKAHEAD_US if at_us is None else at_us) - now_us

        def arrive() -> None:
            if self._armed.get(pin) is token:
                if at_us is not None:
                    self._chip.interrupt(pin, self._sources[pin].level(at_us))
                self._watch(pin, token)

        self._world.after(wait_us, arrive)
