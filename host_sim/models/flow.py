"""Flows of water or gas, and the pulses a meter makes of them."""

from collections.abc import Iterable
from typing import NamedTuple


class Flow(NamedTuple):
    """A constant flow from `start_us` to `end_us`, in the channel's unit per hour (L/h, dm3/h)."""

    start_us: int
    end_us: int
    per_hour: int


def within(flows: Iterable[Flow], from_us: int, to_us: int) -> list[Flow]:
    """The parts of them that lie in that time."""
    return [
        Flow(max(flow.start_us, from_us), min(flow.end_us, to_us), flow.per_hour)
        for flow in flows
        if flow.start_us < to_us and flow.end_us > from_us
    ]


def flow_pulses(flows: list[Flow], carry: int, units_per_pulse: int) -> tuple[list[int], int]:
    """When the sum of overlapping `flows` completes a pulse, and what is left over.

    `carry` (in and out) is the amount since the last pulse in unit x us / h: exact, so that
    nothing is lost however the flows are cut into calls.
    """
    pulse = units_per_pulse * 3_600_000_000
    changes = sorted(
        change
        for start_us, end_us, per_hour in flows
        if end_us > start_us
        for change in ((start_us, per_hour), (end_us, -per_hour))
    )
    times: list[int] = []
    per_hour = 0
    since_us = 0
    for at_us, step in changes:
        if per_hour and at_us > since_us:
            flowed = carry + per_hour * (at_us - since_us)
            for nth in range(1, flowed // pulse + 1):
                times.append(since_us + -(-(nth * pulse - carry) // per_hour))
            carry = flowed % pulse
        per_hour += step
        since_us = at_us
    return times, carry
