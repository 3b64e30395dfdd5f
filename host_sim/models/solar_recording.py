"""Recorded homes with panels on the roof: the half hours of Ausgrid's solar homes, near Sydney.

A line has two mean powers in kW: GC, what the home used, and GG, what its panels made. The meter
at the net sees the difference: above zero it is taken from the net, below it is fed in.

The time is that of the clock on the wall (from one day to the next in October the sun rises an
hour later), and still every day has its 48 half hours. The two that the clock skips are there and
are 0: they never were, so they say nothing. The two that it shows twice are there once, and twice
as high as their neighbours: each is the sum of both showings, which are given half of it each.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from host_sim.models.csv_table import DataError, Row, rows_of
from host_sim.models.recording import Gap, Metered, amount, local_time, not_ascending, zone_of

SOLAR_COLUMNS = ("", "GC", "GG")

_ZONE = "Australia/Sydney"
_MINUTES = 30
# Exact integers: a microwatt over half an hour. What the file has beyond (0.48200000000000004) is
# the dust of binary fractions.
_PER_KW = 1_000_000_000
_PER_WH = 2_000_000
_MOST_KW = 100  # no house uses more: beyond, a file is damaged


def read_solar(path: Path) -> tuple[list[Metered], list[Gap]]:
    """What went through the meter at the net, ascending, and the holes between.

    What does not fill a Wh goes on to the next half hour in the same direction.
    """
    half_hours: list[Metered] = []
    gaps: list[Gap] = []
    importing = exporting = 0
    for start_s, net, line in sorted(_net(path)):
        if half_hours and start_s > half_hours[-1].end_s:
            gaps.append(Gap(half_hours[-1].end_s, start_s, line))
        import_wh, importing = divmod(importing + max(net, 0), _PER_WH)
        export_wh, exporting = divmod(exporting + max(-net, 0), _PER_WH)
        half_hours.append(Metered(start_s, import_wh, export_wh, 0, _MINUTES))
    if not half_hours:
        raise DataError(path, None, "there is no line of data", "give at least an hour")
    return half_hours, gaps


def _net(path: Path) -> list[tuple[int, int, int]]:
    """Of each true half hour: when it began, what was taken from the net, and its line."""
    zone = zone_of(path, _ZONE)
    before: datetime | None = None
    found: list[tuple[int, int, int]] = []
    for row in rows_of(path, SOLAR_COLUMNS):
        local = _local(row)
        if before and local <= before:
            raise not_ascending(row)
        before = local
        used, made = _power(row, 1), _power(row, 2)
        showings = _showings(local, zone)
        if not showings and (used or made):
            problem = f"{row.cells[0]} never was: the clock in Sydney skips it"
            raise row.error(problem, "its power must be 0")
        left = used - made
        for nth, start_s in enumerate(showings):
            share = left // (len(showings) - nth)
            found.append((start_s, share, row.line))
            left -= share
    return found


def _showings(local: datetime, zone: ZoneInfo) -> list[int]:
    """When (unix s) the clock on the wall shows this: mostly once, but twice or never too."""
    moments = {int(local.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)}
    return sorted(
        at_s
        for at_s in moments
        if datetime.fromtimestamp(at_s, zone).replace(tzinfo=None) == local
    )


def _local(row: Row) -> datetime:
    local = local_time(row, "2011-07-01 00:30:00")
    if local.minute % _MINUTES or local.second or local.microsecond:
        raise row.error(f'"{row.cells[0]}" is not on the half hour', "give one line per half hour")
    return local


def _power(row: Row, column: int) -> int:
    kilowatts = amount(row, row.cells[column], SOLAR_COLUMNS[column])
    if kilowatts > _MOST_KW:
        raise row.error("more than a house can use")
    return round(kilowatts * _PER_KW)
