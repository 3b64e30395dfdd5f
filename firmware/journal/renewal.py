"""Erases what a journal holds, and goes on with its numbers: the head-end knows a record by its
number, and would drop what comes under an old one as a double. Needed once: see once.py.
"""


def run(journal, kind: int, payload: bytes) -> None:
    """Erase everything; the sequence and the boot go on, what nobody has acknowledged is counted
    as lost, and a record of `kind` is the first that is owned. JournalError when the device
    refuses.
    """
    newest, acked, lost, boot = journal.newest, journal.acked, journal.lost, journal.boot
    journal.format()
    journal.newest, journal.acked, journal.lost, journal.boot = newest, acked, lost, boot
    journal.snapshot = bytes  # no registers
    journal.append(kind, payload)
