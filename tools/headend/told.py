"""What a collector tells of its own registers by period, and of demand; and whether its periods
have what the intervals say.

Between two `period_registers` events of a channel the change of each period must be the sum of the
intervals between them in the journal that belong to that period by the head-end's own rule
(periods.py). While the collector only assumed a period, because it knew no time or had no almanac,
the two may differ for good reason: such a stretch is shown as assumed, and not compared.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.headend.messages import CHANNELS, Event
from tools.headend.periods import Placed

PERIODS = 8
_APART = PERIODS  # its place behind the periods


@dataclass(frozen=True)
class Registers:
    """One `period_registers` event. `amounts`: of 8 periods, and last what is apart."""

    seq: int
    time_s: int | None
    register: int
    amounts: tuple[int, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the parts are the whole."""
        return self.register == sum(self.amounts)


@dataclass(frozen=True)
class Demand:
    """The highest power of a quarter-hour in a billing month, as it was told last; `_at_s` 0:
    none. `left_out`: quarter-hours without a sure value.
    """

    month_s: int
    delivered_w: int
    delivered_at_s: int
    received_w: int
    received_at_s: int
    left_out: int


@dataclass(frozen=True)
class Stretch:
    """From one telling of a channel to the next. `difference`: what the collector counted beyond
    the intervals, as in Registers. `versions`: of the almanacs that it counted by.
    """

    since: Registers
    until: Registers
    versions: tuple[int, ...]
    assumed: bool
    difference: tuple[int, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether the collector's periods are not those of the intervals."""
        return not self.assumed and any(self.difference)


def registers(events: Iterable[Event]) -> dict[str, list[Registers]]:
    """By channel, in order of the journal; what cannot be read is passed over."""
    found: dict[str, list[Registers]] = {}
    names = [f"p{number}" for number in range(PERIODS)]
    for event in events:
        if event.type != "period_registers":
            continue
        detail = dict.fromkeys(names, 0) | event.detail
        values = _integers(detail, ["channel", "register", *names, "apart"])
        if values and 0 <= values[0] < len(CHANNELS):
            told = Registers(event.seq, event.time_s, values[1], tuple(values[2:]))
            found.setdefault(CHANNELS[values[0]], []).append(told)
    return found


def demands(events: Iterable[Event]) -> list[Demand]:
    """One a month, in order of time."""
    names = ["month", "delivered_w", "delivered_at", "received_w", "received_at", "left_out"]
    found = {}
    for event in events:
        values = _integers(event.detail, names) if event.type == "demand" else []
        if values:
            found[values[0]] = Demand(*values)
    return [found[month_s] for month_s in sorted(found)]


def stretches(
    told: Sequence[Registers], placed: Iterable[Placed], events: Iterable[Event]
) -> list[Stretch]:
    """All of one channel; `placed`: its intervals."""
    amounts = sorted(placed, key=lambda each: each.seq)
    seqs = [each.seq for each in amounts]
    states = [event for event in events if event.type == "tariff_period"]
    found = []
    for since, until in zip(told, told[1:], strict=False):
        inside = amounts[bisect_left(seqs, since.seq) : bisect_left(seqs, until.seq)]
        ruling = _ruling(states, since.seq, inside[0].seq if inside else until.seq, until.seq)
        versions = {state.detail.get("version") for state in ruling}
        found.append(
            Stretch(
                since,
                until,
                tuple(sorted(version for version in versions if isinstance(version, int))),
                any(state.detail.get("assumed") for state in ruling),
                _difference(since, until, inside),
            )
        )
    return found


def _ruling(states: list[Event], since: int, first: int, until: int) -> list[Event]:
    """The `tariff_period` events that hold between two tellings: those in between; and the last
    one before, if an interval, `first`, came before the first of them, or if it was assumed: then
    the next interval began at a time that was not known.
    """
    inside = [state for state in states if since < state.seq < until]
    before = [state for state in states if state.seq < since]
    if before and (not inside or first < inside[0].seq or before[-1].detail.get("assumed")):
        return [before[-1], *inside]
    return inside


def _difference(since: Registers, until: Registers, inside: Iterable[Placed]) -> tuple[int, ...]:
    found = [after - before for before, after in zip(since.amounts, until.amounts, strict=True)]
    for each in inside:
        found[_APART if each.where is None else each.where[1]] -= each.delta
    return tuple(found)


def _integers(detail: dict, names: Iterable[str]) -> list[int]:
    """The values of a detail; empty unless all of them are there, and integers."""
    values = [detail.get(name) for name in names]
    found = [value for value in values if isinstance(value, int)]
    return found if len(found) == len(values) else []
