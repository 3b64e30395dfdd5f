"""What the tests of recorded homes share: small recordings, and where the real ones lie."""

from datetime import datetime
from pathlib import Path

from host_sim.models.home import SECOND_US
from host_sim.models.recording import DSMR_COLUMNS
from tests.sim.shared_data import SHARED_DATA

DSMR_HEADER = ",".join(DSMR_COLUMNS)
DSMR_FILE = SHARED_DATA / "electricity" / "nl_dsmr_2024_hourly_import_export_gas.csv"


def dsmr(folder: Path, *lines: str) -> Path:
    path = folder / "meter.csv"
    path.write_text("\n".join((DSMR_HEADER, *lines)) + "\n")
    return path


def water(folder: Path, *lines: str) -> Path:
    path = folder / "water.csv"
    path.write_text("\n".join(("local_time,register_litres", *lines)) + "\n")
    return path


def at_us(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * SECOND_US


def solar(folder: Path, *lines: str) -> Path:
    path = folder / "solar.csv"
    path.write_text("\n".join((",GC,GG", *lines)) + "\n")
    return path
