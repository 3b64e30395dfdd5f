"""The pair measures silence: what it calls a violation is one, to the microsecond."""

import pytest

from host_sim.clocks import DiscreteClock
from host_sim.models.modbus_slave import ModbusSlave, seal
from host_sim.peripherals.bus import Bus
from host_sim.peripherals.uart import RX_IDLE_CHARACTERS
from host_sim.world import World

REQUEST = seal(bytes([1, 4, 0, 0, 0, 1]))
ANSWER = seal(bytes([1, 4, 2, 0, 7]))
# Character and silence of 9600 and 19200 bit/s, of the latter with parity, and of two above it.
SPEEDS = [(1041, 3643), (520, 1820), (572, 2002), (260, 1750), (86, 1750)]


def line(turnaround_us: int = 0) -> tuple[World, Bus, list[tuple[int, bytes]]]:
    """A pair with one slave that says 7; what arrives, and when."""
    world = World(DiscreteClock(), 1, 0)
    slave = ModbusSlave(1, lambda function, address, count, t_us: [7] * count)
    slave.turnaround_us = turnaround_us
    bus = Bus(world, [slave], None)
    arrived: list[tuple[int, bytes]] = []
    bus.connect(lambda data: arrived.append((world.now_us, data)))
    return world, bus, arrived


@pytest.mark.parametrize(("character_us", "silence_us"), SPEEDS)
def test_the_fastest_slave_answers_when_the_silence_is_over(character_us, silence_us):
    world, bus, arrived = line()
    bus.transmit(REQUEST, 0, character_us)
    world.run_until(1_000_000)
    answer_us = 8 * character_us + silence_us
    assert arrived == [(answer_us + (7 + RX_IDLE_CHARACTERS) * character_us, ANSWER)]
    assert bus.gap_violations == 0


@pytest.mark.parametrize(("character_us", "silence_us"), SPEEDS)
@pytest.mark.parametrize(("early_us", "violations"), [(0, 0), (1, 1)])
def test_silence_after_an_answer_counts_to_the_microsecond(
    character_us, silence_us, early_us, violations
):
    world, bus, _ = line()
    bus.transmit(REQUEST, 0, character_us)
    answered_us = (8 + 7) * character_us + silence_us
    world.run_until(answered_us + silence_us - early_us)
    bus.transmit(REQUEST, world.now_us, character_us)
    assert bus.gap_violations == violations


def test_a_request_into_an_answer_is_a_violation():
    world, bus, _ = line(turnaround_us=10_000)
    bus.transmit(REQUEST, 0, 1000)
    world.run_until(20_000)
    bus.transmit(REQUEST, 20_000, 1000)
    assert bus.gap_violations == 1


@pytest.mark.parametrize(("gap_us", "violations"), [(0, 0), (1500, 0), (1501, 1), (3499, 1)])
def test_bytes_of_one_frame_may_be_one_and_a_half_characters_apart(gap_us, violations):
    # Within that they are one frame in two pieces; later, but before 3.5, they are neither.
    world, bus, arrived = line()
    bus.transmit(REQUEST[:4], 0, 1000)
    world.run_until(4000 + gap_us)
    bus.transmit(REQUEST[4:], world.now_us, 1000)
    world.run_until(1_000_000)
    assert (bus.gap_violations, bus.frames, len(arrived)) == (violations, 1, 1)
