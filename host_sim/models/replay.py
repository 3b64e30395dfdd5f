"""From files to a home that can be replayed: finds the recordings, lays them on one time line.

The rules of the replay itself stand in `recorded_home.py`. Recordings of different years are laid
over each other by shifting the water whole weeks, so that weekdays agree, to the dates nearest to
its own, in the year that leaves the longest time in common. The shift is in UTC: in the days
between two years' changes of daylight saving time, habits are one hour off.
"""

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

from host_sim.models.csv_table import DataError, columns_of
from host_sim.models.recorded_home import RecordedHome, Recording
from host_sim.models.recording import (
    DSMR_COLUMNS,
    WATER_COLUMNS,
    Fall,
    Gap,
    HourRow,
    Reading,
    read_dsmr,
    read_water,
)

_WEEK_S = 7 * 86_400
_LONG_STRETCH_S = 2 * 3600  # between water readings, worth a notice


def load_home(path: Path, seed: int, start_s: int | None = None) -> RecordedHome:
    """The home recorded at `path`: a CSV file, or a folder with `electricity/` and `water/`.

    Of several water recordings the seed chooses one. The replay begins at `start_s`, or with the
    first full hour all recordings know. Raises DataError, one line, when the data cannot be used.
    """
    if path.is_dir():
        smart_meter = _only_some(path, "electricity/nl_dsmr_*.csv")[0]
        waters = _only_some(path, "water/*/*.csv")
        return _compose(path, smart_meter, waters[seed % len(waters)], seed, start_s)
    columns = columns_of(path)
    if set(WATER_COLUMNS) <= set(columns):
        return _compose(path, None, path, seed, start_s)
    if len(set(columns) & set(DSMR_COLUMNS)) > 1:  # its reader says what is missing
        return _compose(path, path, None, seed, start_s)
    problem = f"the columns {', '.join(columns)} are of no known recording"
    known = f"give one with {', '.join(WATER_COLUMNS)} or with {', '.join(DSMR_COLUMNS)}"
    raise DataError(path, 1, problem, known)


def _only_some(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(pattern))
    if not found:
        remedy = "give a folder of recordings or one CSV file"
        raise DataError(folder, None, f"there is no {pattern} in it", remedy)
    return found


def _compose(
    path: Path, smart_meter: Path | None, water: Path | None, seed: int, start_s: int | None
) -> RecordedHome:
    """One home of a smart meter, a water meter, or both."""
    hours: list[HourRow] = []
    readings: list[Reading] = []
    gaps: list[Gap] = []
    falls: list[Fall] = []
    notices: list[str] = []
    spans: list[tuple[int, int]] = []
    if smart_meter:
        hours, gaps = read_dsmr(smart_meter)
        spans.append((hours[0].start_s, hours[-1].start_s + 3600))
        notices += [_gap_notice(smart_meter, gap) for gap in gaps]
    if water:
        readings, falls = read_water(water)
        notices += [_fall_notice(water, fall) for fall in falls]
        notices += _stretch_notices(water, readings)
        shift_s = weeks_to_shift(readings, hours) * _WEEK_S if hours else 0
        readings = [reading._replace(time_s=reading.time_s + shift_s) for reading in readings]
        falls = [fall._replace(time_s=fall.time_s + shift_s) for fall in falls]
        first_hour_s = -(-readings[0].time_s // 3600) * 3600
        spans.append((first_hour_s, readings[-1].time_s // 3600 * 3600))
    begin_s, end_s = _common_span(path, spans, start_s)
    name = "+".join(source.stem for source in (smart_meter, water) if source)
    recording = Recording(name, begin_s, end_s, hours, readings, gaps, falls, notices)
    return RecordedHome(recording, seed)


def _common_span(path: Path, spans: list[tuple[int, int]], start_s: int | None) -> tuple[int, int]:
    """The hours that all recordings know, from `start_s` on where it is given."""
    first_s = max(begin_s for begin_s, _ in spans)
    end_s = min(end_s for _, end_s in spans)
    if first_s >= end_s:
        problem = "the recordings have no full hour in common"
        raise DataError(path, None, problem, "give recordings that overlap")
    if start_s is None:
        return first_s, end_s
    remedy = f"start between {_utc(first_s)} and {_utc(end_s)}, on the hour"
    if not first_s <= start_s < end_s:
        raise DataError(path, None, f"{_utc(start_s)} is outside the recording", remedy)
    if start_s % 3600:
        raise DataError(path, None, f"{_utc(start_s)} is not on the hour", remedy)
    return start_s, end_s


def weeks_to_shift(readings: list[Reading], hours: list[HourRow]) -> int:
    """How many weeks later the water must have been recorded: see the module's rule."""
    recorded = datetime.fromtimestamp(readings[0].time_s, UTC).date()
    first_s, last_s = hours[0].start_s, hours[-1].start_s
    candidates: list[tuple[int, int]] = []
    for year in range(_utc_year(first_s), _utc_year(last_s) + 1):
        wanted = date(year, 1, 1) + (recorded - date(recorded.year, 1, 1))
        weeks = round((wanted - recorded).days / 7)
        shift_s = weeks * _WEEK_S
        common_from_s = max(readings[0].time_s + shift_s, first_s)
        common_to_s = min(readings[-1].time_s + shift_s, last_s)
        candidates.append((common_to_s - common_from_s, weeks))
    return max(candidates)[1]


def _gap_notice(path: Path, gap: Gap) -> str:
    hours = (gap.end_s - gap.start_s) // 3600
    what = f"nothing recorded for {hours} h from {_utc(gap.start_s)}"
    return f"{path}: line {gap.line}: {what}; the meters stand still there"


def _fall_notice(path: Path, fall: Fall) -> str:
    what = f"the register falls from {fall.before} to {fall.after} L"
    return f"{path}: line {fall.line}: {what}; the fall counts as no consumption"


def _stretch_notices(path: Path, readings: list[Reading]) -> list[str]:
    stretches_s = [later.time_s - earlier.time_s for earlier, later in pairwise(readings)]
    long_s = [stretch_s for stretch_s in stretches_s if stretch_s > _LONG_STRETCH_S]
    if not long_s:
        return []
    what = f"{len(long_s)} times more than 2 h between readings"
    longest_h = round(max(long_s) / 3600)
    return [f"{path}: {what}, at most {longest_h} h; what flowed is placed inside"]


def _utc_year(time_s: int) -> int:
    return datetime.fromtimestamp(time_s, UTC).year


def _utc(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%MZ")
