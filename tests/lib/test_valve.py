"""What the journal says of the valve."""

from lib import events, record, valve


class Entry:
    def __init__(self, kind, payload):
        self.kind = kind
        self.payload = payload


class Cursor:
    def __init__(self, *entries):
        self._entries = list(entries)

    def next(self):
        return self._entries.pop(0) if self._entries else None


def event(kind, *values):
    return Entry(record.EVENT, events.pack(kind, 1, None, values))


def test_the_newest_move_counts():
    assert valve.last(Cursor()) is None
    other = event(events.LEAK_BEGAN, 2, 6)
    assert valve.last(Cursor(other, Entry(record.LEAK, b"\x22"))) is None
    moves = event(events.VALVE_MOVED, 1, valve.RULE), event(events.VALVE_MOVED, 0, valve.PERSON)
    assert valve.last(Cursor(moves[0], other)) == (1, valve.RULE)
    assert valve.last(Cursor(moves[0], other, moves[1], other)) == (0, valve.PERSON)
