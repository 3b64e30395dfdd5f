"""Where a register was set to what a dial shows: a step that is no consumption."""

from collections.abc import Iterable

from tools.headend.messages import CHANNELS, Event


def steps_of(channel: str, events: Iterable[Event]) -> list[tuple[int, int]]:
    """(seq, step) of each time that this was told of the channel, in its base unit."""
    found = []
    place = CHANNELS.index(channel) if channel in CHANNELS else -1
    for event in events:
        if event.type == "register_opened" and event.detail.get("channel") == place:
            register, before = event.detail.get("register"), event.detail.get("before")
            if isinstance(register, int) and isinstance(before, int):
                found.append((event.seq, register - before))
    return found
