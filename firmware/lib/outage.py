"""An outage of mains: how it is told, and how one is found that the life before did not see end.

Needed at start, and when one is over: see once.py.
"""

import struct

from micropython import const

from lib import events, record

_EVENT_HEAD = const("<BHI")  # lib/events.py
_NOT_KNOWN = const(-1)
# IEEE 1366-2012, 3.15 and 3.30: an interruption of at most five minutes is momentary; a longer one
# is sustained, and counts in a utility's indices
_MOMENTARY_S = const(300)
DIP, MOMENTARY, SUSTAINED = 0, 1, 2


def pending(cursor) -> tuple | None:
    """(UTC when mains was lost, or 0; how often the collector has started since) of an outage
    whose end is not in the records that the cursor hands out; None when there is none.
    """
    found = None
    while True:
        entry = cursor.next()
        if entry is None:
            return found
        if entry.kind != record.EVENT:
            continue
        kind, _, unix_s = struct.unpack_from(_EVENT_HEAD, entry.payload)
        if kind == events.MAINS_LOST:
            found = unix_s, 0
        elif kind == events.MAINS_BACK:
            found = None
        elif kind == events.POWER_UP and found:
            found = found[0], found[1] + 1


def told(lost_s: int, back_s: int, lasted_s: int | None, restarts: int, hold_s: int) -> tuple:
    """What the event says of one that is over: how long it lasted, from when to when in UTC (0:
    not known), how often the collector started, and which class it is of.

    lasted_s: None when no clock ran through it. hold_s: a shorter one is a dip, in which nobody
    was told.
    """
    if lasted_s is None:
        lasted_s = max(0, back_s - lost_s) if lost_s and back_s else _NOT_KNOWN
    elif back_s:
        lost_s = lost_s or back_s - lasted_s
    kind = DIP if lasted_s < hold_s else MOMENTARY if lasted_s <= _MOMENTARY_S else SUSTAINED
    if lasted_s == _NOT_KNOWN:
        kind = _NOT_KNOWN
    return lasted_s, lost_s, back_s, restarts, kind
