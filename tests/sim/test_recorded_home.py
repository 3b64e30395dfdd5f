"""A recorded home through the whole chain: what the head-end books in each hour is what the
recording says.

The recording is read here by itself, with nothing of the bench's readers. The firmware looks at
the meter up to two seconds after the hour (the time server is good for one), so a unit may fall
into the neighbouring hour, never away.
"""

import csv
from datetime import datetime
from itertools import pairwise

from host_sim.models.replay import load_home
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tests.sim.bench import COLLECTOR, audited, ledger_of
from tests.sim.shared_data import SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data

DAYS = 3
LOW, NORMAL = "(Dutch Users: Low Tariff)", "(Dutch Users: Normal Tariff)"
COLUMNS = {
    "electricity_delivered": (f"Electricity 1 {LOW}", f"Electricity 2 {NORMAL}"),
    "electricity_received": (f"Electricity 1 Returned {LOW}", f"Electricity 2 Returned {NORMAL}"),
}


def recorded_wh(channel: str) -> dict[int, int]:
    """Wh by the start of the hour (unix s), straight from the file."""
    path = SHARED_DATA / "electricity" / "nl_dsmr_2024_hourly_import_export_gas.csv"
    with path.open(newline="") as rows:
        return {
            int(datetime.fromisoformat(row["Hour Start"]).timestamp()): sum(
                round(float(row[column]) * 1000) for column in COLUMNS[channel]
            )
            for row in csv.DictReader(rows)
        }


def test_the_books_say_what_the_recording_says(vm: str) -> None:
    home = load_home(SHARED_DATA, seed=1)
    simulation = Simulation(Scenario(home, 1, 24 * DAYS), vm)
    simulation.run()
    assert audited(simulation).closes, audited(simulation).remarks
    for channel in COLUMNS:
        recorded = recorded_wh(channel)
        series = ledger_of(simulation).interval_series(COLLECTOR, channel)
        booked = {start_s: wh for start_s, wh, _ in series if wh is not None}
        assert len(series) == len(booked) == 24 * DAYS
        assert all(after == before + 3600 for before, after in pairwise(booked))
        off_wh = {start_s: wh - recorded[start_s] for start_s, wh in booked.items()}
        assert max(map(abs, off_wh.values())) <= 2, off_wh
        assert abs(sum(off_wh.values())) <= 2
