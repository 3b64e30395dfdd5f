"""The highest quarter-hour of a billing month, told by the collector over cuts of the supply and a
change of the month, judged by the intervals at the head-end and the wall clock of zoneinfo.
"""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from host_sim.models.house import House
from host_sim.scenario import HOUR_US, Fault, Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of
from tests.tools.rate_plans import city, schedules
from tools.headend import told
from tools.headend.almanac import Almanacs

SECOND_US = 1_000_000
PACIFIC = ZoneInfo("America/Los_Angeles")
START_S = 1_774_915_200  # 2026-03-31 00:00 UTC; the month changes on April 1, 07:00 UTC
HOURS = 49
QUARTER_S = 900
UNSURE = 2 | 4 | 8 | 16  # clock moved, clock untrusted, missing, estimated
CHANNELS = ("electricity_delivered", "electricity_received")


def lived(vm: str) -> Simulation:
    # Short cuts make several intervals of a quarter-hour, a long one leaves some without a value.
    cuts = [(3.4, 30), (3.45, 20), (8.1, 5000), (20.05, 40), (38.2, 3)]
    scenario = Scenario(
        House(1, START_S),
        1,
        HOURS,
        board="esp32_c3_devkit",
        settings={"interval_s": QUARTER_S, "meter.poll_s": 900, "tariff.registers": True},
        tariff=Almanacs(schedules(city())),
        faults=tuple(Fault(int(h * HOUR_US), "power", s * SECOND_US) for h, s in cuts),
    )
    simulation = Simulation(scenario, vm)
    simulation.run()
    assert {life.ending for life in simulation.collector.lives} <= {"end of run", "power lost"}
    return simulation


def month_s(unix_s: int) -> int:
    """When the month of a moment began in Los Angeles."""
    local = datetime.fromtimestamp(unix_s, PACIFIC)
    return int(datetime(local.year, local.month, 1, tzinfo=PACIFIC).timestamp())


def highest(simulation: Simulation, channel: str, since: int, upto: int) -> dict[int, int]:
    """By month: W in its highest quarter-hour, of the intervals between two records."""
    sums: dict[int, int] = defaultdict(int)
    for row in ledger_of(simulation).rows(collector_of(simulation), channel):
        if since < row.seq < upto and not row.quality & UNSURE and row.start_s and row.delta:
            sums[row.start_s // QUARTER_S * QUARTER_S] += row.delta
    found: dict[int, int] = {}
    for start_s, energy_wh in sums.items():
        month = month_s(start_s)
        found[month] = max(found.get(month, 0), 4 * energy_wh)
    return found


@pytest.mark.long
def test_the_highest_of_both_months_and_directions(vm: str) -> None:
    simulation = lived(vm)
    events = ledger_of(simulation).events(collector_of(simulation))
    demands = [event for event in events if event.type == "demand"]
    months = {each.month_s: each for each in told.demands(events)}
    assert sorted(months) == [month_s(START_S), month_s(START_S + HOURS * 3600)]
    for month, last in months.items():
        first = min(each.seq for each in demands if each.detail["month"] == month)
        upto = max(each.seq for each in demands if each.detail["month"] == month)
        for channel, power_w, at_s in zip(
            CHANNELS,
            (last.delivered_w, last.received_w),
            (last.delivered_at_s, last.received_at_s),
            strict=True,
        ):
            expected = highest(simulation, channel, first, upto)[month]
            assert power_w == expected > 0, (channel, last)
            assert at_s % QUARTER_S == 0
            assert month_s(at_s) == month
    # the cut of 5000 s: the quarter-hour that it began in, and those it covers
    began_s, ended_s = month_s(START_S), month_s(START_S + HOURS * 3600)
    rows = ledger_of(simulation).rows(collector_of(simulation), CHANNELS[0])
    sure = {row.start_s for row in rows if row.start_s and not row.quality & UNSURE}
    every = range(min(sure), ended_s, QUARTER_S)
    assert months[began_s].left_out == sum(start_s not in sure for start_s in every) == 6
