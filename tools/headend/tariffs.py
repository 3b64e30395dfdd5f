"""The tariffs that the head-end was given: one, and perhaps the one that follows it."""

import json
from collections.abc import Sequence
from pathlib import Path

import tools.firmware_path  # noqa: F401  (the next imports are the firmware's)
from lib import urdb
from lib.tariff import Schedules, Tariff


class TariffError(Exception):
    """A tariff cannot be used; the text is one line that says why."""


def load_tariff(path: Path) -> Tariff:
    """The tariff of a JSON file (lib/urdb.py), or TariffError."""
    try:
        data = json.loads(path.read_text())
    except OSError as error:
        raise TariffError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise TariffError(f"{path}: no JSON: {error}") from error
    if not isinstance(data, dict):
        raise TariffError(f"{path}: must be a JSON object")
    try:
        return urdb.load(data)
    except ValueError as error:
        raise TariffError(f"{path}: {error}") from error


def load_schedules(paths: Sequence[Path]) -> Schedules:
    """One file, or two of which the second takes effect later; or TariffError."""
    if not 1 <= len(paths) <= 2:
        raise TariffError(f"{len(paths)} tariffs: give one, or one and the one that follows it")
    current, *following = map(load_tariff, paths)
    for later in following:
        if later.version <= current.version:
            raise TariffError(
                f"{paths[1]}: version: {later.version} is not above {current.version}, which"
                f" {paths[0]} has"
            )
        if later.effective_s <= current.effective_s:
            raise TariffError(f"{paths[1]}: effective: not after that of {paths[0]}")
    return Schedules(current, *following)


def each(schedules: Schedules) -> list[Tariff]:
    """The one or two tariffs, in order of their dates."""
    return [tariff for tariff in (schedules.current, schedules.following) if tariff is not None]


def version(schedules: Schedules) -> int:
    """The highest: what a collector that has all of this has."""
    return max(tariff.version for tariff in each(schedules))


def title(schedules: Schedules) -> str:
    """`E-1-TOU, version 1`, and what follows it."""
    return ", then ".join(f"{tariff.name}, version {tariff.version}" for tariff in each(schedules))


def period_names(schedules: Schedules) -> list[str]:
    """What each number of a period stands for; both names where the tariffs differ."""
    tariffs = each(schedules)
    return [
        " / ".join(dict.fromkeys(t.names[number] for t in tariffs if number < len(t.names)))
        for number in range(max(len(tariff.names) for tariff in tariffs))
    ]
