"""The promise, on both interpreters: what the meters showed is at the head-end, once, and adds up,
whatever failed.
"""

import pytest

from host_sim.scenario import HOUR_US, Fault
from tests.sim.bench import COLLECTOR, audited, event_types, ledger_of, run
from tests.vm import NO_MICROPYTHON, have_micropython

MINUTE_US = 60_000_000
PARTIAL = 1  # the flag of intervals in which the power was out


@pytest.mark.long_on_micropython
def test_a_quiet_day(vm: str) -> None:
    # Nothing goes wrong: every interval there, every boundary on the dial, the bus kept its
    # silences.
    simulation = run(vm)
    result = audited(simulation)
    assert str(result) == "kept 96/96 intervals, residual 0, lost 0, doubled 0"
    assert result.closes, result.remarks
    assert simulation.bus.gap_violations == 0
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    assert event_types(simulation) == ["power_up", "clock_set"]


@pytest.mark.long
def test_the_access_point_is_away_for_a_day(vm: str) -> None:
    # A router dies and is replaced a day later: the journal keeps, the uplink catches up, in
    # order, flagged historical.
    simulation = run(vm, days=2, faults=(Fault(5 * HOUR_US, "access_point", 24 * HOUR_US),))
    assert audited(simulation).closes, audited(simulation).remarks
    late = [
        entry
        for entry in simulation.trace.published("intervals")
        if b'"historical":1' in entry.data
    ]
    assert late


@pytest.mark.long_on_micropython
def test_the_broker_is_away(vm: str) -> None:
    # Every connection is refused for six hours.
    simulation = run(vm, faults=(Fault(2 * HOUR_US, "broker", 6 * HOUR_US),))
    assert audited(simulation).closes, audited(simulation).remarks


@pytest.mark.long_on_micropython
def test_the_head_end_is_away(vm: str) -> None:
    # The broker takes everything, but nobody acknowledges: nothing may be forgotten, and repeats
    # are dropped as doubles.
    simulation = run(vm, faults=(Fault(2 * HOUR_US, "head_end", 8 * HOUR_US),))
    result = audited(simulation)
    assert result.closes, result.remarks


@pytest.mark.long_on_micropython
def test_the_power_is_out_for_a_minute(vm: str) -> None:
    # A cut inside an hour: the interval is one, flagged partial, and the pulses of the dead minute
    # are the only thing missing.
    cut_us = 7 * HOUR_US + 20 * MINUTE_US
    simulation = run(vm, faults=(Fault(cut_us, "power", MINUTE_US),))
    assert [life.ending for life in simulation.collector.lives] == ["power lost", "end of run"]
    books = ledger_of(simulation).books(COLLECTOR)
    assert books.kept == 96
    assert books.residual == books.lost == books.doubled == 0
    assert event_types(simulation).count("power_up") == 2
    electricity = books.channels["electricity_delivered"]
    truth_wh = simulation.meter.import_wh((simulation.scenario.home.start_s + 86_401) * 1_000_000)
    assert electricity.last_close is not None
    # the meter counts on while the collector is dead
    assert abs(electricity.last_close - truth_wh) <= 1


def test_the_heap_is_an_esp32s() -> None:
    # On MicroPython the interpreter itself refuses more than the firmware's share; there must be
    # room left.
    if not have_micropython():
        pytest.skip(NO_MICROPYTHON)
    simulation = run("micropython")
    low = simulation.heap_low_bytes()
    assert low is not None
    assert low > 8 * 1024


@pytest.mark.long_on_micropython
def test_a_boot_just_before_the_hour(vm: str) -> None:
    # Time becomes known with seconds to go: the boundary is read on time, not at the next poll.
    cut_us = 6 * HOUR_US - 90 * 1_000_000
    simulation = run(vm, faults=(Fault(cut_us, "power", 70 * 1_000_000),))
    series = ledger_of(simulation).interval_series(COLLECTOR, "electricity_delivered")
    assert len(series) == 24
    assert all(delta is not None for _, delta, _ in series)
    assert [quality for _, _, quality in series if quality] == [PARTIAL, PARTIAL]


@pytest.mark.long
def test_a_meter_that_never_answers(vm: str) -> None:
    # Commissioned with the wrong address: water and gas are booked all the same, electricity is
    # absent, not zero.
    simulation = run(vm, settings={"meter.address": 9})
    books = ledger_of(simulation).books(COLLECTOR)
    assert sorted(books.channels) == ["gas", "water"]
    assert books.channels["water"].intervals == books.channels["gas"].intervals == 24
    assert books.refused == 0
    assert "meter_silent" in event_types(simulation)


@pytest.mark.long_on_micropython
def test_the_slowest_polling_is_no_reason_to_reset(vm: str) -> None:
    # A reading an hour: the watchdog must not take the rest in between for death.
    simulation = run(vm, settings={"meter.poll_s": 3600})
    assert [life.ending for life in simulation.collector.lives] == ["end of run"]
    books = ledger_of(simulation).books(COLLECTOR)
    assert {book.intervals for book in books.channels.values()} == {24}
