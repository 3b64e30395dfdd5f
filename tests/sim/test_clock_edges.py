"""The clock at its edges: counters that wrap, seconds beyond a small integer, steps of years."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.drivers.chip import printed, simulation
from tests.sim.bench import COLLECTOR, START_S, audited, ledger_of, run
from tests.sim.test_clock import ALL, PARTIAL, clock_events, flagged, lived, off

SLOW = {"meter.poll_s": 900}


@pytest.mark.long_on_micropython
def test_the_year_in_which_seconds_outgrow_a_small_integer(vm: str) -> None:
    # 2^30 s after 2000 is 2034-01-09 13:37:04: MicroPython's integers change their kind there.
    start_s = int(datetime(2034, 1, 8, 12, tzinfo=UTC).timestamp())
    assert start_s < 946_684_800 + (1 << 30) < start_s + 30 * 3600
    home = House(1, start_s)
    made = Simulation(Scenario(home, 1, 30, settings=SLOW), vm)
    made.run()
    assert audited(made).closes, audited(made).remarks
    rows = ledger_of(made).interval_series(COLLECTOR, "electricity_delivered")
    assert [start for start, _, _ in rows] == [start_s + 3600 * hour for hour in range(30)]
    assert [quality for _, _, quality in rows] == [PARTIAL] + [0] * 29


def test_uptime_goes_on_when_the_ticks_wrap(vm: str, tmp_path: Path) -> None:
    # Every 12.4 days; what asks every five days loses nothing, nor does the time.
    program = """
from time import sleep
from clock import Clock
clock = Clock("ntp.example", None)
clock.take(-2, 1772409600000, 1000, 0, 2)
for _ in range(8):
    for _ in range(5):
        sleep(86400)
    clock.uptime_s()
print(clock.uptime_s(), clock.unix_s(), clock.is_trusted())
"""
    chip = simulation(vm, program, tmp_path, 41 * 86_400)
    chip.run()
    assert printed(chip) == [str(40 * 86_400), str(1_772_409_600 + 40 * 86_400), "False"]


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("leap_s", [1, -1])
def test_a_leap_second_is_nobodys_business(vm: str, leap_s: int) -> None:
    # The servers count a second twice, or leave one out: the clock follows, and nobody is told.
    made = lived(vm, off(leap_s, *ALL, since_hours=6), settings=SLOW)
    assert flagged(made) == {0: PARTIAL}
    assert clock_events(made) == []
    assert len(ledger_of(made).interval_series(COLLECTOR, "electricity_delivered")) == 24


@pytest.mark.long_on_micropython
@pytest.mark.parametrize("back_s", [86_400, 2 * 365 * 86_400])
def test_a_step_backward_drops_and_reorders_nothing(vm: str, back_s: int) -> None:
    # All servers agree on yesterday, or on a year long ago: the journal goes on in its order, and
    # what is metered is booked once.
    made = run(vm, time_servers=off(-back_s, *ALL, since_hours=1), settings=SLOW)
    events = ledger_of(made).events(COLLECTOR)
    doubted, moved = [event for event in events if event.type.startswith("clock_")][-2:]
    assert (doubted.type, moved.type) == ("clock_doubted", "clock_set")
    assert doubted.time_s is not None
    assert moved.time_s is not None
    assert abs(doubted.time_s - moved.time_s - back_s) < 60
    seqs = [event.seq for event in events]
    assert seqs == sorted(seqs)
    books = ledger_of(made).books(COLLECTOR)
    assert (books.residual, books.lost, books.doubled, books.conflicts) == (0, 0, 0, 0)
    assert books.waiting == []
    delivered = books.channels["electricity_delivered"]
    assert delivered.last_close is not None
    end_us = (START_S + 24 * 3600) * 1_000_000
    missing_wh = made.meter.import_wh(end_us) - delivered.last_close
    assert missing_wh >= 0
    assert (missing_wh < 100) == (back_s > 86_400)  # else the interval is open until tomorrow
