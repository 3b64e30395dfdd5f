"""Forgets what a journal holds, but goes on with its numbers: the head-end knows a record by its
number, and would drop what comes under an old one as a double. Needed once: see once.py.
"""

from lib import sector


def run(journal, kind: int, payload: bytes) -> None:
    """Store a record as the first of a new sector, and erase all others, the oldest first:
    whatever cuts this short leaves a journal that has lost its past. What nobody has acknowledged
    is counted as lost when the next sector is opened.
    """
    journal.offset = sector.BYTES
    journal.append(kind, payload)
    ring = journal.ring
    for epoch in range(journal.floor, journal.epoch):
        ring.erase(epoch % ring.sectors)
    journal.old_end = None  # looked up anew
