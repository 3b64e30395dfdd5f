"""The journal beside littlefs and beside JSON lines on littlefs: what an hour of four channels
costs the flash, and what a boot must read to find the newest.

All run on 32-bit MicroPython over the same NOR model with Espressif's times, with the same hours
of the built-in house.
"""

from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from host_sim.models.house import House
from host_sim.scenario import Scenario
from host_sim.simulation import Simulation
from tools.bench import figure
from tools.bench.bench import Progress, Results
from tools.bench.figure import Column, Figure
from tools.bench.flash import VM, Cost, Measured, run_on_flash, total

NAME: str = "journal"
START_S = 1_772_409_600  # Monday 2026-03-02 00:00 UTC
CHANNELS = ("electricity_delivered", "electricity_received", "water", "gas")
HOUR_S = 3600
WEEK_HOURS = 168
AGE_WEEKS = 260  # five years on the wall: registers as long as they are in the field
SECTOR_BYTES = 4096
PARTITION_960K_SECTORS = 240
RING_SPARE_SECTORS = 2  # the one erased ahead, the one being written
FILE_SPARE_BLOCKS = 8  # littlefs: superblock, directory, the copy of a block, room to move
LONGEST_PAYLOAD_BYTES = 120
SAME_PAYLOAD_BYTES = 24  # one record for all, for which the peers' published figures hold
ACK_EVERY = 32  # records that the uplink lets come together before it notes them (uplink.py)

FIGURES = (
    Figure("bytes_per_interval", "flash bytes per interval", 2, at_most=8),
    Figure("bytes_per_interval_in_all", "  with all that is beside them", 2),
    Figure("erases_per_record", "erases per hour", 4, at_most=0.008),
    Figure("programmed_per_record", "flash bytes programmed per hour", 1),
    Figure("write_amplification", "write amplification", 2, at_most=1.4),
    Figure("modelled_ms_per_record", "flash time per hour, ms", 3, at_most=0.35),
    Figure("max_append_ms", "longest append, ms", 2),
    Figure("max_prepare_ms", "longest erase ahead, ms", 2),
    Figure("recovery_reads", "recovery: reads", at_most=20),
    Figure("recovery_reads_mean", "  reads, mean", 1),
    Figure("recovery_bytes", "recovery: bytes read", at_most=1024),
    Figure("recovery_ms", "recovery: flash time, ms", 2),
    Figure("capacity_days_4ch_960k", "days in 960 KiB", at_least=400),
)
# Its C library over the same times, on one box; not part of this run.
FLASHDB = {
    "bytes_per_interval": "10.3",
    "erases_per_record": "0.010",
    "write_amplification": "1.6",
    "modelled_ms_per_record": "0.43",
    "max_append_ms": "37",
    "recovery_reads": "139-173",
    "recovery_bytes": "4300-4800",
    "recovery_ms": "1.0-1.2",
}
CAPTION = """
journal: hourly frames, erased ahead between them, acknowledged as the uplink does it. ack each
hour: noted in flash every time. in operation: all that the firmware wrote in {operation_days}
simulated days, checkpoints and events too. littlefs: the frame's record, append and flush; JSON
lines: one line, append and flush; both in two files that take turns in {ring_kib} KiB, a whole
turn measured; days: just before a turn, half of it just after. write amplification: bytes
programmed / bytes handed over, for records of 24 bytes (JSON lines: for its lines). recovery: the
worst of {recoveries} hours (files: of {file_recoveries} mounts) with {ring_kib} KiB full.
FlashDB: an earlier measurement with the same times, not of this run.
"""


@dataclass(frozen=True)
class Size:
    """How much is measured; the default is what the figures are published with."""

    ring_kib: int = 256
    hours: int = 8000  # at least once around the ring
    recoveries: int = 256
    file_recoveries: int = 16
    growth_kib: tuple[int, ...] = (64, 128, 256, 512, 1024, 2048)
    operation_days: int = 2


def measure(progress: Progress, size: Size = Size()) -> Results:
    """The journal, alone and as it is used, and its peers."""
    results: Results = {}
    with progress.step("journal, hourly frames"):
        results["journal"] = _journal(size, ACK_EVERY)
    with progress.step("journal, and an acknowledgement each hour"):
        results["journal_ack_each_hour"] = _journal(size, 1)
    with progress.step(f"journal, records of {SAME_PAYLOAD_BYTES} bytes"):
        same = _journal(size, 0, SAME_PAYLOAD_BYTES)
        results["journal"]["write_amplification"] = same["write_amplification"]
        del results["journal_ack_each_hour"]["write_amplification"]
    results["journal"]["recovery_growth"] = [
        _growth(progress, size, ring_kib) for ring_kib in size.growth_kib
    ]
    with progress.step(f"journal, {size.operation_days} days of the whole firmware"):
        results["journal_in_operation"] = _in_operation(size.operation_days)
    with progress.step("littlefs, records"):
        results["littlefs"] = _files(size, text=False)
    with progress.step(f"littlefs, records of {SAME_PAYLOAD_BYTES} bytes"):
        same = _files(size, text=False, payload_bytes=SAME_PAYLOAD_BYTES)
        results["littlefs"]["write_amplification"] = same["write_amplification"]
    with progress.step("littlefs, JSON lines"):
        results["jsonlines"] = _files(size, text=True)
    results["journal_bench"] = asdict(size)
    return results


def tables(results: Results) -> list[Table]:
    """The comparison, and how recovery grows with the ring."""
    columns = [
        Column("journal", results["journal"], ours=True),
        Column("ack each hour", results["journal_ack_each_hour"]),
        Column("in operation", results["journal_in_operation"], ours=True),
        Column("littlefs", results["littlefs"]),
        Column("JSON lines", results["jsonlines"]),
        Column("FlashDB", FLASHDB),
    ]
    caption = CAPTION.format(**results["journal_bench"])
    growth = [
        Column(f"{row['ring_kib']} KiB", row) for row in results["journal"]["recovery_growth"]
    ]
    rows = tuple(each for each in FIGURES if each.key.startswith("recovery"))
    without_targets = tuple(Figure(row.key, row.title, row.digits) for row in rows)
    return [
        figure.table("The journal and its peers", caption, FIGURES, columns),
        figure.table("The journal's recovery by size of the ring", "", without_targets, growth),
    ]


def verdicts(results: Results) -> list[Results]:
    """For the journal alone, and with all that the firmware writes."""
    names = ("journal", "journal_in_operation")
    return [verdict for name in names for verdict in figure.verdicts(name, FIGURES, results[name])]


# --- the runs ---------------------------------------------------------------------------------


def _journal(size: Size, ack_every: int, payload_bytes: int = 0) -> dict[str, Any]:
    task = _task(hours=size.hours, ack_every=ack_every, payload_bytes=payload_bytes)
    task["recoveries"] = size.recoveries
    # as flash encryption wants it: a block is programmed once
    run = run_on_flash("journal.py", task, size.ring_kib * 1024, write_once=True)
    flash_bytes_per_hour = run.told["ring_bytes"] / size.hours
    usable = (PARTITION_960K_SECTORS - RING_SPARE_SECTORS) * SECTOR_BYTES
    return {
        "bytes_per_interval": flash_bytes_per_hour / len(CHANNELS),
        **_per_hour(run, size.hours),
        "max_prepare_ms": _longest_ms(run.costs["prepare"]),
        **_recovery(run),
        "capacity_days_4ch_960k": usable / flash_bytes_per_hour / 24,
    }


def _files(size: Size, text: bool, payload_bytes: int = 0) -> dict[str, Any]:
    blocks = size.ring_kib * 1024 // SECTOR_BYTES
    file_bytes = (blocks - FILE_SPARE_BLOCKS) // 2 * SECTOR_BYTES
    task = _task(text=text, file_bytes=file_bytes, recoveries=size.file_recoveries)
    task["payload_bytes"] = payload_bytes
    run = run_on_flash("files.py", task, size.ring_kib * 1024)
    flash_bytes_per_hour = run.told["flash_bytes"] / run.told["entries"]
    usable = (PARTITION_960K_SECTORS - FILE_SPARE_BLOCKS) * SECTOR_BYTES
    return {
        "bytes_per_interval": flash_bytes_per_hour / len(CHANNELS),
        **_per_hour(run, len(run.costs["append"])),
        **_recovery(run),
        "capacity_days_4ch_960k": usable / flash_bytes_per_hour / 24,
    }


def _growth(progress: Progress, size: Size, ring_kib: int) -> dict[str, Any]:
    with progress.step(f"journal, recovery of {ring_kib} KiB"):
        task = _task(ack_every=1, fill_bytes=LONGEST_PAYLOAD_BYTES, recoveries=size.recoveries)
        run = run_on_flash("journal.py", task, ring_kib * 1024, write_once=True)
    return {"ring_kib": ring_kib, **_recovery(run)}


def _in_operation(days: int) -> dict[str, Any]:
    """What the whole firmware leaves in a fresh ring: its end says how much that is."""
    simulation = Simulation(Scenario(House(1, START_S), 1, 24 * days), VM)
    simulation.run()
    end = 0
    for entry in simulation.trace.entries:
        kind, _, rest = entry.kind.partition(" journal ")
        if kind == "program":
            end = max(end, int(rest, 16) + len(entry.data))
    usable = (PARTITION_960K_SECTORS - RING_SPARE_SECTORS) * SECTOR_BYTES
    return {
        "bytes_per_interval_in_all": end / (24 * days * len(CHANNELS)),
        "capacity_days_4ch_960k": usable / end * days,
    }


def _task(**further: Any) -> dict[str, Any]:
    """A week of the built-in house, over and over, after five years of it."""
    home = House(1, START_S)
    hours = range(START_S, START_S + WEEK_HOURS * HOUR_S, HOUR_S)
    week = [[home.hourly(channel, hour_s) for channel in CHANNELS] for hour_s in hours]
    registers = [AGE_WEEKS * sum(column) for column in zip(*week, strict=True)]
    common = {"hours": 0, "fill_bytes": 0, "payload_bytes": 0}
    return {**common, "start_s": START_S, "week": week, "registers": registers, **further}


# --- what they say ----------------------------------------------------------------------------


def _per_hour(run: Measured, hours: int) -> dict[str, float]:
    """Everything that was done in the measured hours, per hour."""
    appends = [cost for word in ("append", "ack") for cost in run.costs[word]]
    everything = total(appends + run.costs["prepare"])
    return {
        "erases_per_record": everything.erases / hours,
        "programmed_per_record": everything.bytes_programmed / hours,
        "write_amplification": everything.bytes_programmed / run.told["payload_bytes"],
        "modelled_ms_per_record": everything.busy_us / 1000 / hours,
        "max_append_ms": _longest_ms(appends),
    }


def _recovery(run: Measured) -> dict[str, float]:
    """The worst in each respect."""
    costs = run.costs["recover"]
    return {
        "recovery_reads": max(cost.reads for cost in costs),
        "recovery_reads_mean": total(costs).reads / len(costs),
        "recovery_bytes": max(cost.bytes_read for cost in costs),
        "recovery_ms": _longest_ms(costs),
    }


def _longest_ms(costs: list[Cost]) -> float:
    return max(cost.busy_us for cost in costs) / 1000
