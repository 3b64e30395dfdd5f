"""What a person orders of the leak rules of a channel. Loaded for that: see once.py."""

import once
from leaks import closing
from lib import leak, leak_gap, varint
from lib.leak_watch import COUNT, STATE

for _name in ("leaks.closing", "lib.leak_gap", "lib.leak"):
    once.forget(_name)


def run(leaks, place: int, away: int | None) -> tuple | None:
    """Alarms that only wait for a person end; or, where `away` says so, nobody is there, or
    somebody is back. What the reply tells; None where the channel has no rules.
    """
    for watch in leaks.watches:
        if watch[COUNT].place == place:
            state = varint.unpack(watch[STATE], 1)
            if away is not None:
                state[leak.IS_AWAY] = away
            told = leak_gap.clear(state) if away is None else []
            closing.tell(leaks.books, watch, state, told, 1, True)
            return (("active", state[leak.ACTIVE]), ("away", state[leak.IS_AWAY]))
    return None
