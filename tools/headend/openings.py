"""Where a register was set to what a dial shows: a step that is no consumption."""

from collections.abc import Iterable

from tools.headend.messages import Event

PULSED = {"water": 2, "gas": 3}  # their numbers in the details of events


def steps_of(channel: str, events: Iterable[Event]) -> list[tuple[int, int]]:
    """(seq, step) of each time that this was told of the channel, in its base unit."""
    found = []
    for event in events:
        if event.type == "register_opened" and event.detail.get("channel") == PULSED.get(channel):
            register, before = event.detail.get("register"), event.detail.get("before")
            if isinstance(register, int) and isinstance(before, int):
                found.append((event.seq, register - before))
    return found
