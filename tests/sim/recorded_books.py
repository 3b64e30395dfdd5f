"""What the homes of two recordings took from the net and fed in, hour by hour, beside what the
head-end has booked. The files are read here with nothing of the bench's readers.
"""

import csv
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of
from tests.sim.shared_data import SHARED_DATA

DUTCH = SHARED_DATA / "electricity" / "nl_dsmr_2024_hourly_import_export_gas.csv"
SYDNEY = SHARED_DATA / "electricity" / "ausgrid_cust12_2011-07_2012-06_30min.csv"
DELIVERED, RECEIVED = CHANNELS = ("electricity_delivered", "electricity_received")
SYDNEY_LATER = timedelta(weeks=678)  # that the replay is: from Thursday 30 June 2011 to 2024

# The meter is looked at up to two seconds after the hour, since the time server is good for one:
# of 4 kW, the most that either home takes in an hour, these are 3 Wh, booked an hour too early.
BOUNDARY_WH = 3

HOUR_S = 3600
HOUR = timedelta(hours=1)
SUMMER = datetime(2011, 10, 2, 2), datetime(2012, 4, 1, 2)  # when Sydney's clock is changed
LOW, NORMAL = "(Dutch Users: Low Tariff)", "(Dutch Users: Normal Tariff)"
DUTCH_COLUMNS = {
    DELIVERED: (f"Electricity 1 {LOW}", f"Electricity 2 {NORMAL}"),
    RECEIVED: (f"Electricity 1 Returned {LOW}", f"Electricity 2 Returned {NORMAL}"),
}

Hours = dict[int, int]  # Wh by the start of the hour, unix s


def dutch_hours() -> dict[str, Hours]:
    """By channel, the hours that the file has."""
    hours: dict[str, Hours] = {channel: {} for channel in CHANNELS}
    with DUTCH.open(newline="") as rows:
        for row in csv.DictReader(rows):
            start_s = int(datetime.fromisoformat(row["Hour Start"]).timestamp())
            for channel, columns in DUTCH_COLUMNS.items():
                hours[channel][start_s] = sum(round(float(row[each]) * 1000) for each in columns)
    return hours


def sydney_hours() -> dict[str, Hours]:
    """By channel, the hours of the replay."""
    hours: dict[str, Hours] = {channel: {} for channel in CHANNELS}
    with SYDNEY.open(newline="") as rows:
        for row in list(csv.reader(rows))[1:]:
            watts = round(float(row[1]) * 1000) - round(float(row[2]) * 1000)
            starts = sydney_showings(datetime.fromisoformat(row[0]))
            for start in starts:
                half_hour_wh = watts // 2 // len(starts)  # the file's figures are all even
                start_s = int((start + SYDNEY_LATER).timestamp()) // HOUR_S * HOUR_S
                for channel, wh in ((DELIVERED, half_hour_wh), (RECEIVED, -half_hour_wh)):
                    hours[channel][start_s] = hours[channel].get(start_s, 0) + max(wh, 0)
    return hours


def sydney_showings(local: datetime) -> list[datetime]:
    """When the clock on the wall showed this, in UTC."""
    begins, ends = SUMMER
    standard = local.replace(tzinfo=UTC) - 10 * HOUR
    if begins <= local < begins + HOUR:
        return []
    if ends <= local < ends + HOUR:
        return [standard - HOUR, standard]
    return [standard - HOUR if begins < local < ends else standard]


class Comparison(NamedTuple):
    """One channel over the time of a run; the hour that is off most is off by `largest_wh`."""

    hours_recorded: int
    hours_booked: int
    recorded_wh: int
    booked_wh: int
    largest_wh: int

    @property
    def agrees(self) -> bool:
        """Whether the books say what the recording says, in every hour and in sum."""
        return max(self.largest_wh, abs(self.booked_wh - self.recorded_wh)) <= BOUNDARY_WH


def compare(simulation: Simulation, channel: str, recorded: Hours) -> Comparison:
    """What of it was recorded in the hours of the run, and what was booked.

    In an hour that was not recorded the meter stands still; one that is not booked is off by all
    of it.
    """
    scenario = simulation.scenario
    start_s = scenario.home.start_s
    hours = {start_s + nth * HOUR_S for nth in range(scenario.hours)}
    inside = {hour_s: wh for hour_s, wh in recorded.items() if hour_s in hours}
    booked = booked_hours(simulation, channel)
    off_wh = [booked.get(each, 0) - inside.get(each, 0) for each in {*inside, *booked}]
    return Comparison(
        len(inside),
        len(booked),
        sum(inside.values()),
        sum(booked.values()),
        max(map(abs, off_wh), default=0),
    )


def booked_hours(simulation: Simulation, channel: str) -> Hours:
    """What the head-end has of it."""
    series = ledger_of(simulation).interval_series(collector_of(simulation), channel)
    return {start_s: wh for start_s, wh, _ in series if wh is not None}
