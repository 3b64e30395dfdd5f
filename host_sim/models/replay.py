"""From files to a home that can be replayed: finds the recordings, lays them on one time line.

The rules of the replay itself stand in `recorded_home.py`. Recordings of different years are laid
over each other by shifting the water whole weeks, so that weekdays agree, to the dates nearest to
its own, in the year that leaves the longest time in common. The shift is in UTC: in the days
between two years' changes of daylight saving time, habits are one hour off.

A recording from before 2024 is shifted likewise, to the first year that a collector believes.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

from host_sim.models.csv_table import DataError, columns_of, listed
from host_sim.models.recorded_home import RecordedHome, Recording
from host_sim.models.recording import (
    DSMR_COLUMNS,
    WATER_COLUMNS,
    Fall,
    Gap,
    Metered,
    Reading,
    read_dsmr,
    read_water,
)
from host_sim.models.solar_recording import SOLAR_COLUMNS, read_solar

_WEEK_S = 7 * 86_400
_LONG_STRETCH_S = 2 * 3600  # between water readings, worth a notice
_BELIEVED_FROM = date(2024, 1, 1)  # a time server that says less is believed by no collector


def load_home(path: Path, seed: int, start_s: int | None = None) -> RecordedHome:
    """The home recorded at `path`: a CSV file, or a folder with `electricity/` and `water/`.

    Of several water recordings the seed chooses one. The replay begins at `start_s`, in the time
    of the replay, or with the first full hour all recordings know. Raises DataError, one line,
    when the data cannot be used.
    """
    if path.is_dir():
        smart_meter = _only_some(path, "electricity/nl_dsmr_*.csv")[0]
        waters = _only_some(path, "water/*/*.csv")
        return _compose(path, smart_meter, waters[seed % len(waters)], seed, start_s)
    columns = set(columns_of(path))
    if columns.issuperset(WATER_COLUMNS):
        return _compose(path, None, path, seed, start_s)
    if len(columns & {*DSMR_COLUMNS}) > 1 or _is_solar(columns):  # readers say what is missing
        return _compose(path, path, None, seed, start_s)
    problem = f"the columns {listed(columns_of(path))} are of no known recording"
    known = " or with ".join(map(listed, (WATER_COLUMNS, DSMR_COLUMNS, SOLAR_COLUMNS)))
    raise DataError(path, 1, problem, f"give one with {known}")


def _is_solar(columns: Iterable[str]) -> bool:
    return bool({"GC", "GG"}.intersection(columns))


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
    metered: list[Metered] = []
    readings: list[Reading] = []
    gaps: list[Gap] = []
    falls: list[Fall] = []
    notices: list[str] = []
    spans: list[tuple[int, int]] = []
    if smart_meter:
        read = read_solar if _is_solar(columns_of(smart_meter)) else read_dsmr
        metered, gaps = read(smart_meter)
        spans.append(_full_hours(metered[0].start_s, metered[-1].end_s))
        notices += [_gap_notice(smart_meter, gap) for gap in gaps]
    if water:
        readings, falls = read_water(water)
        notices += [_fall_notice(water, fall) for fall in falls]
        notices += _stretch_notices(water, readings)
        shift_s = weeks_to_shift(readings, metered) * _WEEK_S if metered else 0
        readings = [reading._replace(time_s=reading.time_s + shift_s) for reading in readings]
        falls = [fall._replace(time_s=fall.time_s + shift_s) for fall in falls]
        spans.append(_full_hours(readings[0].time_s, readings[-1].time_s))
    begin_s, end_s = _common_span(path, spans)
    name = "+".join(source.stem for source in (smart_meter, water) if source)
    recording = Recording(name, begin_s, end_s, metered, readings, gaps, falls, notices)
    recording = _believable(path, recording)
    return RecordedHome(_started(path, recording, start_s), seed)


def _full_hours(from_s: int, to_s: int) -> tuple[int, int]:
    return -(-from_s // 3600) * 3600, to_s // 3600 * 3600


def _common_span(path: Path, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The hours that all recordings know."""
    first_s = max(begin_s for begin_s, _ in spans)
    end_s = min(end_s for _, end_s in spans)
    if first_s >= end_s:
        problem = "the recordings have no full hour in common"
        raise DataError(path, None, problem, "give recordings that overlap")
    return first_s, end_s


def _believable(path: Path, recording: Recording) -> Recording:
    """The recording, in times that a collector takes for the present."""
    recorded = _utc_date(recording.start_s)
    if recorded >= _BELIEVED_FROM - timedelta(days=1):  # new year comes to others before UTC
        return recording
    by_year = (_weeks_to(year, recorded) for year in count(_BELIEVED_FROM.year))
    weeks = next(each for each in by_year if recorded + timedelta(weeks=each) >= _BELIEVED_FROM)
    what = f"recorded from {_utc(recording.start_s)} on, replayed {weeks} weeks later"
    notice = f"{path}: {what}; no collector believes a clock before {_BELIEVED_FROM.year}"
    recording = recording.moved(weeks * _WEEK_S)
    return replace(recording, notices=[*recording.notices, notice])


def _started(path: Path, recording: Recording, start_s: int | None) -> Recording:
    """The recording from `start_s` on, where it is given."""
    if start_s is None:
        return recording
    remedy = f"start between {_utc(recording.start_s)} and {_utc(recording.end_s)}, on the hour"
    if not recording.start_s <= start_s < recording.end_s:
        raise DataError(path, None, f"{_utc(start_s)} is outside the recording", remedy)
    if start_s % 3600:
        raise DataError(path, None, f"{_utc(start_s)} is not on the hour", remedy)
    return replace(recording, start_s=start_s)


def weeks_to_shift(readings: list[Reading], metered: list[Metered]) -> int:
    """How many weeks later the water must have been recorded: see the module's rule."""
    recorded = _utc_date(readings[0].time_s)
    first_s, last_s = metered[0].start_s, metered[-1].start_s
    candidates: list[tuple[int, int]] = []
    for year in range(_utc_date(first_s).year, _utc_date(last_s).year + 1):
        weeks = _weeks_to(year, recorded)
        shift_s = weeks * _WEEK_S
        common_from_s = max(readings[0].time_s + shift_s, first_s)
        common_to_s = min(readings[-1].time_s + shift_s, last_s)
        candidates.append((common_to_s - common_from_s, weeks))
    return max(candidates)[1]


def _weeks_to(year: int, recorded: date) -> int:
    wanted = date(year, 1, 1) + (recorded - date(recorded.year, 1, 1))
    return round((wanted - recorded).days / 7)


def _gap_notice(path: Path, gap: Gap) -> str:
    hours = (gap.end_s - gap.start_s) / 3600
    what = f"nothing recorded for {hours:g} h from {_utc(gap.start_s)}"
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


def _utc_date(time_s: int) -> date:
    return datetime.fromtimestamp(time_s, UTC).date()


def _utc(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%MZ")
