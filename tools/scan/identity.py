"""Which model a meter is: certain where its nameplate says so and the registers are there, else
the profiles that fit, the best first.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tools.scan.models import Model
from tools.scan.nameplate import Nameplate, read_nameplate
from tools.scan.station import NoReading, Station

# What the mains can be; a phase that is not connected shows less than this.
_VOLTAGE_DV = range(800, 3001)
_DEAD_DV = range(50)
_FREQUENCY_CHZ = range(4500, 6501)


class Identity(NamedTuple):
    """`models`: those that fit, the best first; one alone when `certain`."""

    nameplate: Nameplate
    models: list[Model]
    certain: bool

    @property
    def best(self) -> Model | None:
        """The model to read with."""
        return self.models[0] if self.models else None


class _Fit(NamedTuple):
    """How well a profile fits; sorts by worth, least first."""

    plausible: int  # quantities that can be checked, and are right
    dead: int  # phases without voltage, times -1
    own_settings: bool  # the line is as this model leaves the factory


def identify(station: Station, models: Sequence[Model]) -> Identity:
    """Ask the meter. LineError when the port is gone."""
    nameplate = read_nameplate(station)
    blocks: dict[tuple[int, int, int], bytes | None] = {}
    told = [model for model in models if model.name == nameplate.profile]
    if told and _values(station, told[0], blocks) is not None:
        return Identity(nameplate, told, True)
    fits = [(_fit(station, model, blocks), model) for model in models]
    order = sorted(
        ((fit, model) for fit, model in fits if fit is not None),
        key=lambda each: each[0],
        reverse=True,
    )
    return Identity(nameplate, [model for _, model in order], False)


def _values(
    station: Station, model: Model, blocks: dict[tuple[int, int, int], bytes | None]
) -> list[int | None] | None:
    """The values by position, None when a block is refused; each block is read only once."""
    values: list[int | None] = [None] * len(model.profile.names)
    for number, block in enumerate(model.profile.blocks):
        if block not in blocks:
            try:
                blocks[block] = station.words(*block)
            except NoReading:
                blocks[block] = None
        payload = blocks[block]
        if payload is None:
            return None
        model.profile.values(number, payload, values)
    return values


def _fit(
    station: Station, model: Model, blocks: dict[tuple[int, int, int], bytes | None]
) -> _Fit | None:
    values = _values(station, model, blocks)
    if values is None:
        return None
    plausible = dead = 0
    for name, unit, value in zip(model.profile.names, model.profile.units, values, strict=True):
        if unit == "dV" and value in _DEAD_DV and not name.endswith("l1_dv"):
            dead += 1
        elif not _is_plausible(unit, value):
            return None
        else:
            plausible += unit in _CHECKS
    return _Fit(plausible, -dead, model.settings == station.found.settings)


_CHECKS = {
    "dV": lambda value: value in _VOLTAGE_DV,
    "cHz": lambda value: value in _FREQUENCY_CHZ,
    "Wh": lambda value: value is not None and value >= 0,
}


def _is_plausible(unit: str, value: int | None) -> bool:
    check = _CHECKS.get(unit)
    return check is None or check(value)
