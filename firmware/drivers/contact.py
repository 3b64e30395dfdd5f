"""A pulse input counted by interrupts: for slow contacts that bounce for longer than the hardware
filter reaches (12.8 us), and for chips without a hardware counter (ESP32-C3).

While flash is erased (45 ms, at worst 400) the interrupt waits: a pulse that begins and ends
meanwhile is seen as a bounce, and a glitch that begins just before is taken for a pulse. Contacts
of water and gas meters close for longer than that.
"""

import time

from lib.debounce import Debounce


class Contact:
    """A contact to ground at a pin with a pull-up: closed is low.

    direction: a second pin that is low while the meter runs backward, or None. loop: supervision
    of the wire (drivers/loop.py), or None: with it, what a wire does that is cut or shorted is
    not taken for the contact. debounce: what tells a pulse from a bounce.
    """

    def __init__(self, pin, min_closed_ms: int, min_open_ms: int, direction=None, loop=None):
        self._pin = pin
        self._direction = direction
        self._loop = loop
        self._hidden = 0  # the fault that has hidden an edge since fault() was last asked
        # Closed already: that pulse was counted when it began.
        self.debounce = Debounce(min_closed_ms, min_open_ms, not pin.value())
        self._edge_ms = time.ticks_ms()
        self._is_read = False
        self._came_meanwhile = False
        self._runs_backward = False
        self._backward = 0
        self._counted = 0
        pin.irq(self._on_edge)

    def pulses(self) -> int:
        """Pulses since this boot, less twice those that ran backward: it may fall."""
        # An interrupt between two steps of this would count the same pulse twice: it waits.
        while True:
            self._is_read = True
            self._came_meanwhile = False
            # No edge, and yet another level: the wire was mended, or the interrupt has waited.
            if (not self._pin.value()) != self.debounce.level:
                self._take_edge()
            self._settle()
            counted = self.debounce.pulses - 2 * self._backward
            self._is_read = False
            if not self._came_meanwhile:
                return counted

    def bounces(self) -> int:
        """Changes that did not last, since this boot."""
        return self.debounce.bounces

    def fault(self) -> int:
        """What is wrong with the wire, or was since this was last asked and has hidden an edge
        (lib/loop.py); 0 where nothing is, or nobody can tell.
        """
        hidden, self._hidden = self._hidden, 0
        fault = self._loop.fault() if self._loop else 0
        return hidden or fault

    def _on_edge(self, _pin) -> None:
        if self._is_read:
            self._came_meanwhile = True
        else:
            self._take_edge()

    def _take_edge(self) -> None:
        closed = not self._pin.value()
        self._settle()
        fault = self._loop.now() if self._loop else 0
        if fault:
            self._hidden = fault
            return
        self.debounce.edge(closed)
        self._edge_ms = time.ticks_ms()
        if closed and self._direction:
            self._runs_backward = not self._direction.value()

    def _settle(self) -> None:
        self.debounce.settle(time.ticks_diff(time.ticks_ms(), self._edge_ms))
        if self.debounce.pulses != self._counted:
            self._counted = self.debounce.pulses
            if self._runs_backward:
                self._backward += 1
