"""The supervised loop of the world: pin and current tell the same story, whatever the wire is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_sim.clocks import DiscreteClock
from host_sim.models.loop import SHORTED_UA, Loop, WireFault
from host_sim.peripherals.adc import RANGES_UV, Adc
from host_sim.peripherals.request import Request
from host_sim.scenario import Fault
from host_sim.shims import ops
from host_sim.simulation import Simulation
from host_sim.world import World
from tests.sim.bench import scenario
from tests.sim.edges import Edges

# The contact is closed in [100, 200) and [400, 500).
CONTACT = Edges([100, 200, 400, 500])


def test_a_good_wire_shows_the_contact() -> None:
    loop = Loop(CONTACT, [])
    assert [loop.level(t) for t in (99, 100, 199, 200)] == [1, 0, 0, 1]
    assert [loop.current_ua(t) for t in (99, 100)] == [800, 3000]
    assert loop.shunt_uv(100, 270) == 810_000
    assert [loop.next_edge_us(t, 1000) for t in (0, 100, 200, 400, 500)] == [
        *(100, 200, 400, 500, None)
    ]


def test_a_cut_wire_is_open_and_without_current() -> None:
    loop = Loop(CONTACT, [WireFault(150, 300, 0)])
    assert [loop.level(t) for t in (149, 150, 420, 449, 450)] == [0, 1, 1, 1, 0]
    assert loop.current_ua(150) == loop.current_ua(449) == 0
    assert loop.next_edge_us(100, 1000) == 150
    assert loop.next_edge_us(150, 1000) == 450
    assert loop.next_edge_us(150, 449) is None


def test_a_shorted_wire_is_closed_and_draws_all_there_is() -> None:
    loop = Loop(CONTACT, [WireFault(250, 300, SHORTED_UA)])
    assert [loop.level(t) for t in (249, 250, 399, 549, 550)] == [1, 0, 0, 0, 1]
    assert loop.current_ua(300) > 6000
    assert loop.next_edge_us(200, 1000) == 250
    assert loop.next_edge_us(250, 1000) == 550


faults = st.lists(st.tuples(st.integers(1, 99), st.sampled_from((0, SHORTED_UA))), max_size=6).map(
    lambda rows: [WireFault(100 * nth, lasts, what) for nth, (lasts, what) in enumerate(rows)]
)


@given(st.lists(st.integers(1, 700), max_size=10), faults)
def test_from_edge_to_edge_nothing_changes(
    changes_us: list[int], given_faults: list[WireFault]
) -> None:
    loop = Loop(Edges(changes_us), given_faults)
    levels = [loop.level(t_us) for t_us in range(800)]
    found, t_us = [], 0
    while (edge_us := loop.next_edge_us(t_us, 799)) is not None:
        found.append(edge_us)
        t_us = edge_us
    assert found == [t_us for t_us in range(1, 800) if levels[t_us] != levels[t_us - 1]]


def test_the_converter_ends_at_its_range() -> None:
    adc = Adc(World(DiscreteClock(), 1, 0), {0: lambda t_us: 2_214_000})
    read = adc.operations()[ops.ADC_READ]
    seen = [read(Request(ops.ADC_READ, 0, atten, 0, b"")) for atten in range(4)]
    assert seen == [*RANGES_UV[:3], 2_214_000]
    answer = read(Request(ops.ADC_READ, 5, 0, 0, b""))
    assert isinstance(answer, int)
    assert answer < 0


def test_a_wire_that_nobody_supervises_has_no_faults() -> None:
    # A scenario that would prove nothing is refused.
    with pytest.raises(ValueError, match="esp32_devkit supervises no wire"):
        Simulation(scenario(faults=(Fault(1, "wire_cut", 1),)), "cpython")
