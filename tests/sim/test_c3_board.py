"""The whole firmware on the ESP32-C3: pulses by interrupt, wires supervised. What a wire does that
is cut or shorted is told, flagged, and never counted.
"""

import pytest

from host_sim.models.home import SECOND_US
from host_sim.scenario import HOUR_US, Fault
from host_sim.simulation import Simulation
from tests.sim.bench import START_S, audited, collector_of, event_types, ledger_of, run
from tests.vm import NO_MICROPYTHON, have_micropython

BOARD = "esp32_c3_devkit"
MINUTE_US = 60_000_000
PARTIAL = 1
OPEN, SHORT = 1, 2


def water(simulation: Simulation) -> list[tuple[int, int | None, int]]:
    """(hour of the day, L, quality) of each interval."""
    series = ledger_of(simulation).interval_series(collector_of(simulation), "water")
    return [((start_s - START_S) // 3600, delta, quality) for start_s, delta, quality in series]


def told(simulation: Simulation) -> list[tuple[str, int, int]]:
    """(word, channel, fault) of the input events."""
    return [
        (event.type, event.detail["channel"], event.detail.get("fault", 0))
        for event in ledger_of(simulation).events(collector_of(simulation))
        if event.type.startswith("input")
    ]


@pytest.mark.long_on_micropython
def test_a_quiet_day(vm: str) -> None:
    # As on the ESP32, without its counters; the board says its name.
    simulation = run(vm, board=BOARD)
    result = audited(simulation)
    assert str(result) == "kept 96/96 intervals, residual 0, lost 0, doubled 0"
    assert result.closes, result.remarks
    assert simulation.bus.gap_violations == 0
    assert event_types(simulation) == ["power_up", "clock_set"]
    assert b'"board":"esp32_c3_devkit"' in simulation.trace.published("status")[0].data


@pytest.mark.long
def test_the_heap_is_enough() -> None:
    # Interrupts and loops take more of it than counters: with everything that can be configured.
    if not have_micropython():
        pytest.skip(NO_MICROPYTHON)
    settings = {"mains.sense": True, "water.reverse": "pulses", "gas.reverse": "direction"}
    simulation = run("micropython", board=BOARD, settings=settings)
    assert audited(simulation).closes
    low = simulation.heap_low_bytes()
    assert low is not None
    assert low > 8 * 1024


@pytest.mark.long_on_micropython
@pytest.mark.parametrize(("what", "fault"), [("wire_cut", OPEN), ("wire_short", SHORT)])
def test_a_faulty_wire(vm: str, what: str, fault: int) -> None:
    # From 06:20 to 07:10, while the house wakes up.
    from_us, lasting_us = 6 * HOUR_US + 20 * MINUTE_US, 50 * MINUTE_US
    simulation = run(vm, board=BOARD, faults=(Fault(from_us, what, lasting_us),))
    home, start_us = simulation.scenario.home, START_S * SECOND_US
    hidden = home.pulses("water", start_us + from_us, start_us + from_us + lasting_us)
    assert hidden
    assert told(simulation) == [("input_fault", 2, fault), ("input_good", 2, 0)]
    rows = water(simulation)
    assert [hour for hour, _, quality in rows if quality & PARTIAL] == [0, 6, 7]  # 0: opened
    # Nothing invented; of what was pulsed only what the wire has hidden is missing.
    for hour, delta, quality in rows:
        truth = home.hourly("water", START_S + 3600 * hour)
        assert delta is not None
        assert delta <= truth if quality & PARTIAL and hour else delta == truth
    total = sum(delta or 0 for _, delta, _ in rows)
    day = len(home.pulses("water", start_us, start_us + 24 * HOUR_US))
    assert total == day - len(hidden)
    books = ledger_of(simulation).books(collector_of(simulation))
    assert (books.residual, books.lost, books.doubled) == (0, 0, 0)


@pytest.mark.long_on_micropython
def test_a_wire_that_is_cut_seconds_before_the_hour(vm: str) -> None:
    # The look at the boundary is the first to see it: the hour that ends was touched, too.
    from_us, lasting_us = 6 * HOUR_US - 5 * SECOND_US, 10 * MINUTE_US
    simulation = run(vm, board=BOARD, faults=(Fault(from_us, "wire_cut", lasting_us),))
    assert [hour for hour, _, quality in water(simulation) if quality & PARTIAL] == [0, 5, 6]
    assert told(simulation) == [("input_fault", 2, OPEN), ("input_good", 2, 0)]


@pytest.mark.long_on_micropython
def test_a_wire_that_comes_and_goes_is_never_a_pulse(vm: str) -> None:
    # A loose clamp: thirty times in an hour, for seconds, while no water flows; each would be a
    # pulse for a counter.
    hour_us = 2 * HOUR_US
    faults = [
        Fault(hour_us + nth * 100 * SECOND_US, ("wire_short", "wire_cut")[nth % 2], nth * 777_777)
        for nth in range(1, 31)
    ]
    simulation = run(vm, board=BOARD, faults=tuple(faults))
    home = simulation.scenario.home
    assert home.hourly("water", START_S + 2 * 3600) == 0
    for hour, delta, _ in water(simulation):
        assert delta == home.hourly("water", START_S + 3600 * hour)
    events = told(simulation)
    # Shorts change the pin, and are told however brief.
    assert [fault for _, _, fault in events].count(SHORT) == 15
    assert len(events) % 2 == 0
    assert events[-1][0] == "input_good"
