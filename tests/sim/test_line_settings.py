"""Both ends of the line at different settings: silence towards the slave, noise towards the
master, and a collector that says so.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from host_sim.clocks import DiscreteClock
from host_sim.models.house import House
from host_sim.models.line_settings import LineSettings
from host_sim.models.modbus_slave import ModbusSlave, seal
from host_sim.peripherals.bus import Bus
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from host_sim.world import World
from tests.sim.bench import COLLECTOR, START_S, event_types, ledger_of

HOURS = 3
REQUEST = seal(bytes([1, 4, 0, 10, 0, 2]))
ANSWER = seal(bytes([1, 4, 4, 0, 10, 0, 11]))
AT_9600 = LineSettings(9600, "N", 1)
AT_2400 = LineSettings(2400, "N", 1)

MISMATCHES = {
    "too slow": ("sdm630", {"meter.baud_bps": 4800}),
    "too fast": ("sdm120", {"meter.baud_bps": 9600}),
    "no parity": ("we514", {"meter.profile": "pzem016"}),
}


@pytest.mark.parametrize(("meter", "settings"), MISMATCHES.values(), ids=MISMATCHES)
def test_a_collector_at_other_settings_finds_its_meter_silent(
    vm: str, meter: str, settings: dict[str, Any]
) -> None:
    # Commissioned wrongly: water and gas are booked all the same, electricity is absent, not zero.
    scenario = Scenario(House(1, START_S), 1, HOURS, meter=meter, settings=settings)
    simulation = Simulation(scenario, vm)
    simulation.run()
    books = ledger_of(simulation).books(COLLECTOR)
    assert sorted(books.channels) == ["gas", "water"]
    assert books.channels["water"].intervals == books.channels["gas"].intervals == HOURS
    assert event_types(simulation).count("meter_silent") == 1
    assert "task_failed" not in event_types(simulation)
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    assert not [
        entry for entry in simulation.trace.published("intervals") if b"electricity" in entry.data
    ]


def numbers(function: int, address: int, count: int, t_us: int) -> list[int]:
    """Register n holds n."""
    return list(range(address, address + count))


@dataclass
class Wire:
    """One slave and a master that speaks at `speaking`, then goes on at `listening`."""

    slave_settings: LineSettings | None
    speaking: LineSettings | None
    listening: LineSettings | None
    heard: bytearray = field(default_factory=bytearray)

    def ask(self, seed: int = 1) -> bytes:
        """What the master hears after one request."""
        world = World(DiscreteClock(), seed, START_S)
        slave = ModbusSlave(1, numbers, settings=self.slave_settings)
        bus = Bus(world, [slave], None)
        bus.connect(self.heard.extend)
        if self.speaking:
            bus.configure(self.speaking)
        character_us = (self.speaking or AT_9600).character_us
        bus.transmit(REQUEST, 0, character_us)
        world.run_until(len(REQUEST) * character_us)
        if self.listening:
            bus.configure(self.listening)
        world.run_until(1_000_000)
        return bytes(self.heard)


@pytest.mark.parametrize(
    ("slave", "master"),
    [
        (AT_9600, AT_9600),
        (None, AT_9600),
        (AT_9600, None),
        (AT_9600, LineSettings(9600, "N", 2)),  # a receiver looks at the first stop bit only
    ],
)
def test_those_who_understand_each_other(
    slave: LineSettings | None, master: LineSettings | None
) -> None:
    assert Wire(slave, master, master).ask() == ANSWER


@pytest.mark.parametrize(
    "master", [AT_2400, LineSettings(9600, "E", 1), LineSettings(9600, "O", 1)]
)
def test_a_slave_is_silent_at_other_settings(master: LineSettings) -> None:
    assert Wire(AT_9600, master, master).ask() == b""
    assert Wire(AT_9600, master, AT_9600).ask() == b""  # the request was already lost


@pytest.mark.parametrize(
    ("listening", "characters"),
    [(AT_2400, 2), (LineSettings(19200, "N", 1), 18), (LineSettings(9600, "E", 1), 8)],
)
def test_an_answer_at_other_settings_is_noise(listening: LineSettings, characters: int) -> None:
    # The master has given up and tries the next settings while the answer is on its way: for as
    # long as it lasts, there is noise, as many characters as fit, and never the answer.
    heard = Wire(AT_9600, AT_9600, listening).ask()
    assert len(heard) == characters
    assert ANSWER not in heard
    assert heard != ANSWER[:characters]
    assert Wire(AT_9600, AT_9600, listening).ask() == heard  # the same seed, the same noise
    assert Wire(AT_9600, AT_9600, listening).ask(seed=2) != heard
