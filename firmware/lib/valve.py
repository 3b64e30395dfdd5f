"""Where the valve was last moved to, and by whom, as the journal tells it. Needed at start."""

from micropython import const

from lib import events, record, varint

_EVENT_HEAD_BYTES = const(7)  # lib/events.py
RULE, PERSON = 1, 2


def last(cursor) -> tuple | None:
    """(whether to closed, by whom) of the newest move that the cursor hands out, or None."""
    found = None
    while True:
        entry = cursor.next()
        if entry is None:
            return found
        if entry.kind == record.EVENT and entry.payload[0] == events.VALVE_MOVED:
            values = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)
            found = varint.signed(values[0]), varint.signed(values[1])
