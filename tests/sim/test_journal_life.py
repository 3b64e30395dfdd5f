"""Ten years of a collector's writing: the wear is even, and the flash outlives the meter it reads.

The journal runs on the flash model without the rest, as fast as it can. Endurance: 100 000 erases
of each sector (W25Q64JV data sheet, "more than 100,000 erase/program cycles").
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from host_sim.models.nor import Nor
from journal import Journal
from lib import frame, record, registers
from tests.sim.partition import Partition

ENDURANCE_ERASES = 100_000
JOURNAL_BYTES = 0xF0000  # boards/esp32_devkit/partitions.csv
YEARS = 10
START_S = 1_772_409_600
EVENT_EVERY = 12  # intervals; an hourly collector tells of something twice a day


@dataclass(frozen=True)
class Writing:
    """How much a collector writes."""

    channels: int
    period_s: int
    delta: int

    @property
    def intervals(self) -> int:
        """In all the years."""
        return YEARS * 365 * 86_400 // self.period_s


HOURLY = Writing(channels=4, period_s=3600, delta=900)
QUARTERLY = Writing(channels=8, period_s=900, delta=300)


@pytest.mark.parametrize(
    "writing",
    [HOURLY, pytest.param(QUARTERLY, marks=pytest.mark.long)],
    ids=["4 channels hourly", "8 at 15 min"],
)
def test_ten_years_wear_evenly(writing: Writing) -> None:
    wear = lived(writing, boot_every=writing.intervals)
    assert max(wear) - min(wear) <= 1
    assert YEARS * ENDURANCE_ERASES / max(wear) > 50


def test_a_power_cut_every_week_costs_little() -> None:
    # A sector that was erased ahead in an earlier boot is erased again before it is used: nobody
    # can know that the supply held until its erase was complete. So much more than one erase it
    # may be.
    wear = lived(HOURLY, boot_every=7 * 24)
    assert max(wear) - min(wear) <= 8
    assert YEARS * ENDURANCE_ERASES / max(wear) > 50


def lived(writing: Writing, boot_every: int) -> list[int]:
    """Erases of each sector after ten years with a boot every so many intervals."""
    nor = Nor(JOURNAL_BYTES, write_once_16=True)
    snapshot = registers.Registers(
        START_S, [10**7] * writing.channels, [0] * writing.channels, [0] * writing.channels
    ).pack
    journal = _booted(nor, snapshot)
    for number in range(writing.intervals):
        if number % boot_every == boot_every - 1:
            journal = _booted(nor, snapshot)
        start_s = START_S + number * writing.period_s
        deltas, qualities = [writing.delta] * writing.channels, [0] * writing.channels
        newest = journal.append(*frame.pack(start_s, writing.period_s, deltas, qualities, start_s))
        if number % EVENT_EVERY == 0:
            newest = journal.append(record.EVENT, b"something happened")
        journal.ack(newest)
        journal.prepare()
    assert nor.violations == 0
    years = YEARS * ENDURANCE_ERASES // max(nor.wear)
    print(f"{writing}, boot every {boot_every}: {min(nor.wear)} to {max(nor.wear)} erases")
    print(f"of a sector in {YEARS} years; life {years:,} years")
    return nor.wear


def _booted(nor: Nor, snapshot: Callable[[], bytes]) -> Journal:
    journal = Journal(Partition(nor))
    journal.open()
    journal.snapshot = snapshot
    return journal
