"""Input pins: every edge raises an interrupt, but for those that flash hides."""

from host_sim.clocks import DiscreteClock
from host_sim.peripherals.chip import FALLING, RISING, Chip
from host_sim.peripherals.pins import Pins
from host_sim.peripherals.request import Request
from host_sim.shims import ops
from host_sim.world import World
from tests.sim.edges import Edges

START_S = 1_772_409_600
START_US = START_S * 1_000_000
HOUR_US = 3_600_000_000
PIN = 7


class Rig:
    """One source at one pin; `seen`: (us since the start, level) of the interrupts."""

    def __init__(self, changes_us: list[int]) -> None:
        self.world = World(DiscreteClock(), 1, START_S)
        self.chip = Chip(self.world, b"")
        self.source = Edges([START_US + change_us for change_us in changes_us])
        self.pins = Pins(self.world, self.chip, {PIN: self.source})
        self.seen: list[tuple[int, int]] = []

    def arm(self, trigger: int = RISING | FALLING) -> None:
        """As machine.Pin.irq does."""
        self.chip.operations()[ops.PIN_IRQ](Request(ops.PIN_IRQ, PIN, trigger, 0, b""))

    def run(self, until_us: int) -> list[tuple[int, int]]:
        """Let time pass as a firmware that answers every interrupt at once; what it saw."""
        while self.world.run_until(until_us, lambda: bool(self.chip._interrupts)):
            self.seen += [(self.world.now_us, level) for _, level in self.chip.take_interrupts()]
        return self.seen


def test_every_edge_interrupts_even_hours_apart() -> None:
    rig = Rig([1000, 1500, 5 * HOUR_US])
    rig.arm()
    assert rig.run(9 * HOUR_US) == [(1000, 0), (1500, 1), (5 * HOUR_US, 0)]


def test_only_the_edges_that_were_asked_for() -> None:
    rig = Rig([1000, 1500, 2000, 2500])
    rig.arm(FALLING)
    assert rig.run(9000) == [(1000, 0), (2000, 0)]


def test_a_pin_nobody_watches_costs_nothing() -> None:
    rig = Rig([1000, 1500])
    assert rig.run(2000) == []
    assert not rig.world._events
    assert rig.chip.inputs[PIN]() == 1


def test_a_reset_disarms() -> None:
    rig = Rig([1000, 2000])
    rig.arm()
    assert rig.run(1500) == [(1000, 0)]
    rig.pins.reset()
    assert rig.run(9000) == [(1000, 0)]


def test_armed_twice_is_armed_once() -> None:
    rig = Rig([1000])
    rig.arm()
    rig.arm()
    assert rig.run(9000) == [(1000, 0)]


def test_while_flash_is_busy_two_edges_arrive_as_one() -> None:
    # Interrupts are masked during an erase: the pin remembers that there was one, not how many.
    rig = Rig([1000, 1100, 1200, 5000])
    rig.arm()
    busy = True
    rig.chip.is_masked = lambda: busy
    rig.world.run_until(2000)
    assert rig.chip.take_interrupts() == [(PIN, 0)]
    busy = False
    assert rig.run(9000) == [(5000, 1)]


def test_the_other_pins_interrupt_is_not_hidden() -> None:
    rig = Rig([1000, 1100])
    rig.pins.wire(PIN + 1, Edges([START_US + 1050]))
    rig.arm()
    rig.chip.operations()[ops.PIN_IRQ](Request(ops.PIN_IRQ, PIN + 1, FALLING, 0, b""))
    rig.chip.is_masked = lambda: True
    rig.world.run_until(2000)
    assert rig.chip.take_interrupts() == [(PIN, 0), (PIN + 1, 0)]
