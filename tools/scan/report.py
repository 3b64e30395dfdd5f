"""What was found, for people as tables and for programs as JSON."""

from typing import Any, NamedTuple

from rich.box import SIMPLE
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from tools.scan.identity import Identity
from tools.scan.plan import PZEM_GENERAL
from tools.scan.quantity import PHASES, place, shown
from tools.scan.search import Damaged, Found
from tools.scan.station import Station


class Meter(NamedTuple):
    """A slave that was found, and what it is."""

    station: Station
    identity: Identity

    def read(self) -> None:
        """Take its values anew, if there is a profile to read it with."""
        if self.identity.best:
            self.station.read(self.identity.best)


NOTHING = """\
No meter answered. Look, in this order:
  power     do the meters' displays light up? The bus has no power of its own.
  A and B   swap the two wires at the adapter; makers disagree on which is A. Nothing breaks.
  ground    join the adapter's ground to the meters' if they have such a terminal.
  ends      120 ohm at both ends of a long line, nowhere else.
  settings  does a display tell address, speed and parity? Only addresses {addresses} were asked,
            at {settings}.
  patience  slow meters need --patience-ms 500; {patience_ms} was the wait."""


def title(identity: Identity) -> str:
    """The model, as certain as it is."""
    plate, best = identity.nameplate, identity.best
    serial = "" if plate.serial is None else f", serial number {plate.serial}"
    if best and identity.certain:
        return f"{best.profile.model} ({plate.model}){serial}"
    told = f"says it is {plate.maker} {plate.model}{serial}; " if plate.maker else ""
    if not best:
        return f"{told}unknown model, no profile fits"
    others = ", ".join(model.name for model in identity.models[1:])
    return f"{told}looks like {best.profile.model}" + (
        f" (fits as well: {others})" if others else ""
    )


def tables(meters: list[Meter]) -> Group:
    """All meters, one below the other."""
    return Group(*(part for meter in meters for part in _meter(meter)))


def _meter(meter: Meter) -> list[Text | Table]:
    found, counts = meter.station.found, meter.station.counts
    head = Text(f"address {found.address} at {found.settings}: ", style="bold")
    parts: list[Text | Table] = [head.append(title(meter.identity), style="not bold")]
    parts += [Text(f"  {line}", style="yellow") for line in notes(meter)]
    if meter.station.values:
        parts.append(_values(meter))
    age_s = meter.station.age_s
    read = "not read" if age_s is None else f"read {age_s:.1f} s ago"
    parts.append(
        Text(
            f"  {read}; requests {counts.requests}, timeouts {counts.timeouts},"
            f" CRC errors {counts.crc_errors}\n",
            style="dim",
        )
    )
    return parts


def notes(meter: Meter) -> list[str]:
    """What a person must know to judge the values."""
    found = meter.station.found
    lines = []
    if not found.steady:
        lines.append(
            f"{found.damaged} of {found.asked} answers were damaged or doubled:"
            " two meters on this address, or bad wiring?"
        )
    if found.address == PZEM_GENERAL:
        lines.append("248 is the general address of all PZEM: this one has another of its own")
    if meter.station.problem:
        lines.append(f"last reading failed: {meter.station.problem}")
    return lines


def _values(meter: Meter) -> Table:
    """One row per quantity, one column per phase, as far as there are any."""
    assert meter.identity.best is not None
    profile = meter.identity.best.profile
    rows: dict[str, dict[str, str]] = {}
    for name, unit, value in zip(profile.names, profile.units, meter.station.values, strict=True):
        row, column = place(name, unit)
        rows.setdefault(row, {})[column] = shown(value, unit)
    used = [
        column for column in ("all", *PHASES) if any(column in cells for cells in rows.values())
    ]
    table = Table(box=SIMPLE, show_edge=False, collapse_padding=True)
    table.add_column("")
    for column in used:
        table.add_column("" if column == "all" else column, justify="right", no_wrap=True)
    for row, cells in rows.items():
        table.add_row(row, *(cells.get(column, "") for column in used))
    return table


def print_damaged(console: Console, damaged: list[Damaged]) -> None:
    """Addresses where something speaks that cannot be understood."""
    for each in damaged:
        console.print(
            f"something answers at address {each.address} at {each.settings}, but damaged:"
            " two meters on one address, wrong parity, or bad wiring?",
            style="yellow",
            markup=False,
            highlight=False,
        )


def as_json(meter: Meter) -> dict[str, Any]:
    """One meter; values are the integers that the firmware would have, in the profile's units."""
    station, identity = meter.station, meter.identity
    best, plate, found = identity.best, identity.nameplate, station.found
    values = {}
    if best and station.values:
        values = {
            name: {"value": value, "unit": unit}
            for name, unit, value in zip(
                best.profile.names, best.profile.units, station.values, strict=True
            )
        }
    return {
        **_place(found),
        "profile": best.name if best else None,
        "model": best.profile.model if best else None,
        "certain": identity.certain,
        "fits": [model.name for model in identity.models],
        "nameplate": f"{plate.maker} {plate.model}".strip() or None,
        "serial": plate.serial,
        "values": values,
        "age_s": None if station.age_s is None else round(station.age_s, 3),
        "notes": notes(meter),
        **vars(station.counts),
    }


def _place(found: Found) -> dict[str, Any]:
    return {"address": found.address, **found.settings._asdict(), "steady": found.steady}
