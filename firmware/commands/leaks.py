"""What a person orders of the leak rules of a channel. Loaded for that: see once.py."""

import leaks
import once
from leaks import COUNT, STATE, WATCHES
from lib import leak, leak_gap, varint

for _name in ("leaks", "lib.leak_gap", "lib.leak"):
    once.forget(_name)


def run(known: list, books, place: int, away: int | None) -> tuple | None:
    """Alarms that only wait for a person end; or, where `away` says so, nobody is there, or
    somebody is back. What the reply tells; None where the channel has no rules. known: as
    Pulses.leaks.
    """
    for watch in known[WATCHES]:
        if watch[COUNT].place == place:
            state = varint.unpack(watch[STATE], 1)
            if away is not None:
                state[leak.IS_AWAY] = away
            told = leak_gap.clear(state) if away is None else []
            leaks.tell(books, watch, state, told, 1)
            leaks.keep(books, watch)
            return (("active", state[leak.ACTIVE]), ("away", state[leak.IS_AWAY]))
    return None
