"""The registers as the journal tells them. Loaded at start, and when a day ends: see once.py."""

from lib import events, frame, record, registers


def run(journal):
    """The registers after the newest record that tells them, or None in a fresh journal."""
    kept = None
    cursor = journal.newest_sector()
    while True:
        entry = cursor.next()
        if entry is None:
            return kept
        if entry.kind == record.SNAPSHOT:
            kept = registers.unpack(entry.payload)
        elif entry.kind == record.CHECKPOINT and kept:
            kept.advance(entry.payload)
        elif frame.is_frame(entry.kind) and kept:
            interval = frame.unpack(entry.kind, entry.payload, kept.boundary_s)
            kept.close(interval.end_s(), interval.deltas)


def check_day(books, journal, channels: list) -> None:
    """Tell the registers at the end of the day, and by how much they are not what the intervals in
    the journal add up to: 0.
    """
    kept = run(journal)
    if kept is None:  # the registers of this sector cannot be read: there is nothing to compare
        return
    told = []
    residual = 0
    for channel, stored in zip(channels, kept.boundaries):
        register = channel.boundary_register
        residual += abs((register or 0) - (stored or 0))
        told.append(-1 if register is None else register)
    books.event(events.DAY_CLOSED, tuple(told) + (residual,))
