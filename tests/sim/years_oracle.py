"""What must be true of a collector's life, whatever happened in it.

Every second with power belongs to exactly one interval, in the order of the journal; one that
claims to be good was lived through from its start to its end, and counted what the world did in
it; the registers of each day are those of its intervals. The registers by period that were told
are together the channel's, none of them falls, and each has what the intervals say.
"""

from bisect import bisect_right
from typing import NamedTuple

from host_sim.audit import LOOKED_WITHIN_S, true_registers
from host_sim.scenario import true_time
from host_sim.simulation import Simulation
from lib.tariff import Schedules
from tests.sim.bench import collector_of, ledger_of
from tools.headend import periods, told
from tools.headend.books import Row

PERIOD_S = 3600
PARTIAL, CLOCK_UNTRUSTED, ESTIMATED, DST = 1, 4, 16, 128
SECOND_US = 1_000_000
ENDINGS = ("power lost", "end of run")
LATEST_S = 50 * PERIOD_S  # a clock that is set back by two days closes nothing until then


class Span(NamedTuple):
    """A stretch of powered time, unix seconds by the world."""

    from_s: float
    to_s: float


def judge(simulation: Simulation, tariff: Schedules) -> str:
    """Hold a life against what must be true; AssertionError tells the first thing that is not."""
    crashes = [life for life in simulation.collector.lives if life.ending not in ENDINGS]
    assert not crashes, crashes[0]
    collector = collector_of(simulation)
    books = ledger_of(simulation).books(collector)
    assert books.closed, books
    days = [
        event for event in ledger_of(simulation).events(collector) if event.type == "day_closed"
    ]
    assert all(event.detail["residual"] == 0 for event in days)
    rows = {name: ledger_of(simulation).rows(collector, name) for name in books.channels}
    if simulation.scenario.time_servers is true_time:
        powered = spans(simulation)
        for name in books.channels:
            _check_order(name, rows[name])
            _check_hours(name, rows[name], powered, _known(simulation, powered))
            _check_amounts(simulation, name, rows[name], powered)
    _check_end(simulation, books.channels["electricity_delivered"].last_close)
    told_of = _check_periods(simulation, tariff)
    return _summary(simulation, rows, len(days)) + told_of


def spans(simulation: Simulation) -> list[Span]:
    """When the collector had power. A life lasts until the power is back."""
    start_s = simulation.scenario.home.start_s
    cuts_us = [fault.at_us for fault in simulation.scenario.faults if fault.what == "power"]
    found = []
    for life in simulation.collector.lives:
        cut_us = [at_us for at_us in cuts_us if life.began_us <= at_us < life.ended_us]
        to_us = min([life.ended_us, *cut_us])
        found.append(Span(start_s + life.began_us / SECOND_US, start_s + to_us / SECOND_US))
    return found


def _known(simulation: Simulation, powered: list[Span]) -> list[float | None]:
    """For each span when the time became known in it."""
    told = [
        event.time_s
        for event in ledger_of(simulation).events(collector_of(simulation))
        if event.type == "clock_set" and event.time_s is not None
    ]
    return [
        next((at_s for at_s in told if span.from_s - 2 <= at_s <= span.to_s), None)
        for span in powered
    ]


def _check_order(name: str, rows: list[Row]) -> None:
    """The intervals of the journal follow one another; where one does not begin at the end of the
    one before, it says so.
    """
    end_s = None
    placed_s = 0  # the end of one that was told since the boot, which is known to some seconds
    for row in rows:
        if row.start_s is None or row.delta is None:
            continue
        if row.quality & CLOCK_UNTRUSTED:
            end_s, placed_s = None, row.start_s + PERIOD_S
            continue
        where = f"{name}: interval {row.seq}"
        if end_s is None and abs(row.start_s - placed_s) <= 5:
            pass  # by chance the boot was on the hour
        elif end_s is None or row.start_s < end_s:
            assert row.quality & PARTIAL, f"{where} shares an hour, and does not say so"
        elif row.start_s > end_s:
            assert row.quality & (ESTIMATED | PARTIAL), f"{where} spans hours, and does not say so"
        assert end_s is None or row.start_s + PERIOD_S >= end_s, f"{where} goes back in time"
        end_s = row.start_s + PERIOD_S


def _check_hours(
    name: str, rows: list[Row], powered: list[Span], known: list[float | None]
) -> None:
    """Every hour with power has its one interval; hours since a boot are as many as it lived."""
    starts = sorted(row.start_s for row in rows if row.start_s is not None)
    whole = [row.start_s for row in rows if row.start_s is not None and not row.quality & PARTIAL]
    assert len(set(whole)) == len(whole), f"{name}: an hour is there twice"
    timeless = sum(row.start_s is None for row in rows)
    unknown = 0
    for span, known_s in zip(powered, known, strict=True):
        if known_s is None:
            unknown += int((span.to_s - span.from_s) // PERIOD_S)
            known_s = span.to_s
        since_boot = [span.from_s + hour * PERIOD_S for hour in range(9999)]
        utc_s = (int(known_s) // PERIOD_S + 1) * PERIOD_S
        expected = [float(at_s) for at_s in range(utc_s, int(span.to_s) - PERIOD_S, PERIOD_S)]
        if known_s < span.to_s:
            expected += [at_s for at_s in since_boot if at_s + PERIOD_S < known_s - 5]
        for at_s in expected:
            near = bisect_right(starts, at_s + 5)
            assert near and starts[near - 1] >= at_s - 5, f"{name}: no interval at {at_s}"
    assert abs(timeless - unknown) <= len(powered), f"{name}: {timeless} without a time"


def _check_amounts(
    simulation: Simulation, name: str, rows: list[Row], powered: list[Span]
) -> None:
    """An interval that claims to be good was lived through, and has what the world counted."""
    register = true_registers(simulation)[name]
    begins = [span.from_s for span in powered]
    for row in rows:
        if row.quality & ~DST or row.start_s is None:
            continue
        end_s = row.start_s + PERIOD_S
        span = powered[bisect_right(begins, row.start_s) - 1]
        assert span.from_s <= row.start_s and end_s <= span.to_s, f"{name}: {row} had no power"
        low, low_late, high, high_late = (
            register(at_s * SECOND_US)
            for at_s in (
                row.start_s,
                row.start_s + LOOKED_WITHIN_S,
                end_s,
                end_s + LOOKED_WITHIN_S,
            )
        )
        assert row.delta is not None
        assert high - low_late <= row.delta <= high_late - low, f"{name}: {row}, {high - low}"


def _check_end(simulation: Simulation, register: int | None) -> None:
    """All that the meter of the house showed at the end is in the books."""
    home = simulation.scenario.home
    end_s = home.start_s + simulation.scenario.hours * PERIOD_S
    assert register is not None
    least, most = (
        simulation.meter.import_wh(at_s * SECOND_US) for at_s in (end_s - LATEST_S, end_s + 600)
    )
    assert least <= register <= most, f"{register} Wh at the end, not {least} to {most}"


def _check_periods(simulation: Simulation, tariff: Schedules) -> str:
    """The registers by period; in a few words how many of them there were."""
    ledger, collector = ledger_of(simulation), collector_of(simulation)
    events = ledger.events(collector)
    compared = assumed = 0
    for name, tellings in told.registers(events).items():
        for registers in tellings:
            assert registers.adds_up, f"{name}: {registers}"
        for before, after in zip(tellings, tellings[1:], strict=False):
            falls = [old > new for old, new in zip(before.amounts, after.amounts, strict=True)]
            assert not any(falls), f"{name}: {after} after {before}"
        placed = periods.placed(ledger.counted(collector, name), tariff)
        for stretch in told.stretches(tellings, placed, events):
            assumed += stretch.assumed
            compared += not stretch.assumed
            assert not stretch.is_wrong, f"{name}: {stretch}"
    return f", {compared} days by period right, {assumed} assumed"


def _summary(simulation: Simulation, rows: dict[str, list[Row]], days: int) -> str:
    told = [row for channel in rows.values() for row in channel]
    good = sum(row.quality & ~DST == 0 for row in told)
    honest = simulation.scenario.time_servers is true_time
    return (
        f"{len(simulation.collector.lives)} boots, {len(told)} intervals, {good} good,"
        f" {days} days checked{'' if honest else ', a clock that lied'}"
    )
