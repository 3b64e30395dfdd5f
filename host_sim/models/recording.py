"""Recorded meter data in CSV files, checked line by line as it is read.

Two forms: the hourly export of a Dutch smart meter (DSMR-reader) and the water registers of the
DAIAD trial; a third one is in solar_recording.py. What cannot be true is refused with a
`DataError`.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from host_sim.models.csv_table import DataError, Row, rows_of

_TIME = "Hour Start"
_IMPORTS = (
    "Electricity 1 (Dutch Users: Low Tariff)",
    "Electricity 2 (Dutch Users: Normal Tariff)",
)
_EXPORTS = (
    "Electricity 1 Returned (Dutch Users: Low Tariff)",
    "Electricity 2 Returned (Dutch Users: Normal Tariff)",
)
_GAS = "Gas"
_LOCAL_TIME = "local_time"
_REGISTER = "register_litres"

DSMR_COLUMNS = (_TIME, *_IMPORTS, *_EXPORTS, _GAS)
WATER_COLUMNS = (_LOCAL_TIME, _REGISTER)

_WATER_ZONE = "Europe/Madrid"  # the DAIAD trial took place in Alicante

# What no house can use: beyond these a file is damaged, and its pulses would not fit their hours.
_MOST_WH_PER_HOUR = 100_000
_MOST_DM3_PER_HOUR = 100_000
_MOST_LITRES_PER_S = 3


class Metered(NamedTuple):
    """What went through a smart meter in the `minutes` from `start_s` on."""

    start_s: int
    import_wh: int
    export_wh: int
    gas_dm3: int
    minutes: int = 60

    @property
    def end_s(self) -> int:
        """The first second after it."""
        return self.start_s + 60 * self.minutes


class Reading(NamedTuple):
    """A water register as it stood at one moment."""

    time_s: int
    litres: int
    line: int


class Gap(NamedTuple):
    """Time a recording says nothing about, [start_s, end_s); `line` is the first after it."""

    start_s: int
    end_s: int
    line: int


class Fall(NamedTuple):
    """A register that went backward: refused as consumption."""

    time_s: int
    before: int
    after: int
    line: int


def read_dsmr(path: Path) -> tuple[list[Metered], list[Gap]]:
    """The hours of a smart meter, ascending, and the holes between them."""
    hours: list[Metered] = []
    gaps: list[Gap] = []
    for row in rows_of(path, DSMR_COLUMNS):
        hour = _hour(row)
        if hours:
            expected_s = hours[-1].end_s
            if hour.start_s < expected_s:
                raise not_ascending(row)
            if hour.start_s > expected_s:
                gaps.append(Gap(expected_s, hour.start_s, row.line))
        hours.append(hour)
    if not hours:
        raise DataError(path, None, "there is no line of data", "give at least one hour")
    return hours, gaps


def read_water(path: Path) -> tuple[list[Reading], list[Fall]]:
    """The readings of a water register, ascending, and where it fell.

    In the hour that local time shows twice, a reading that would not come later than the one
    before is taken for the second showing.
    """
    zone = zone_of(path, _WATER_ZONE)
    readings: list[Reading] = []
    falls: list[Fall] = []
    for row in rows_of(path, WATER_COLUMNS):
        previous = readings[-1] if readings else None
        time_s = _local_time_s(row, zone, previous.time_s if previous else None)
        reading = Reading(time_s, _litres(row), row.line)
        if previous:
            rise = reading.litres - previous.litres
            took_s = time_s - previous.time_s
            if rise < 0:
                falls.append(Fall(time_s, previous.litres, reading.litres, row.line))
            elif rise > 10 + _MOST_LITRES_PER_S * took_s:
                problem = f"the register rises by {rise} L in {took_s} s, more than a pipe carries"
                raise row.error(problem)
        readings.append(reading)
    if len(readings) < 2:
        raise DataError(path, None, "there are fewer than two readings", "give at least two")
    return readings, falls


def _hour(row: Row) -> Metered:
    import_1, import_2, export_1, export_2, gas_dm3 = (
        _thousandths(row, text, name)
        for text, name in zip(row.cells[1:], DSMR_COLUMNS[1:], strict=True)
    )
    hour = Metered(_hour_start(row), import_1 + import_2, export_1 + export_2, gas_dm3)
    if max(hour.import_wh, hour.export_wh) > _MOST_WH_PER_HOUR or gas_dm3 > _MOST_DM3_PER_HOUR:
        raise row.error("more than a house can use in one hour")
    return hour


def _hour_start(row: Row) -> int:
    text = row.cells[0]
    remedy = "write it like 2024-01-31T23:00:00+01:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise row.error(f'"{text}" is not a time', remedy) from None
    if moment.tzinfo is None:
        raise row.error(f'"{text}" has no UTC offset', remedy)
    if moment.timestamp() % 3600:
        raise row.error(f'"{text}" is not on the hour', "give one line per full hour")
    return int(moment.timestamp())


def local_time(row: Row, example: str) -> datetime:
    """The time in the first cell, as the clock on the wall showed it."""
    text = row.cells[0]
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        raise row.error(f'"{text}" is not a local time', f"write it like {example}")
    return local


def _local_time_s(row: Row, zone: ZoneInfo, after_s: int | None) -> int:
    local = local_time(row, "2016-03-01 00:13:43")
    for fold in (0, 1):
        time_s = int(local.replace(tzinfo=zone, fold=fold).timestamp())
        if after_s is None or time_s > after_s:
            return time_s
    raise not_ascending(row)


def not_ascending(row: Row) -> DataError:
    """What is wrong with a line that is not in its place."""
    return row.error(f"{row.cells[0]} is not later than the line before", "sort lines by time")


def amount(row: Row, text: str, column: str) -> Decimal:
    """A decimal number that is not negative."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise row.error(f'"{text}" under "{column}" is not a number', "write it like 0.123")
    if number < 0:
        raise row.error(f'{text} under "{column}" is negative: a meter never runs backward')
    return number


def _thousandths(row: Row, text: str, column: str) -> int:
    """A decimal number as an integer of its thousandths, exactly."""
    scaled = amount(row, text, column) * 1000
    if scaled != scaled.to_integral_value():
        raise row.error(f'{text} under "{column}" has more than 3 decimals', "round it to 3")
    return int(scaled)


def _litres(row: Row) -> int:
    text = row.cells[1]
    if not (text.isascii() and text.isdigit()):
        raise row.error(f'"{text}" is not a whole number of litres', "write it like 342036")
    return int(text)


def zone_of(path: Path, name: str) -> ZoneInfo:
    """The time zone of the recording at `path`."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        problem = f"its local time needs the time zone {name}, unknown to this machine"
        raise DataError(path, None, problem, "install the Python package tzdata") from None
