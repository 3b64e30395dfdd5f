"""Where the almanac's text lies: in records of the journal, from one on. Needed now and then: see
once.py.
"""

from lib import record


def write(books, text: bytes | bytearray | memoryview) -> tuple:
    """(sequence of the first record, bytes); (0, 0) when the journal does not take it."""
    first = 0
    for offset in range(0, len(text), record.MAX_PAYLOAD):
        seq = books.append(record.TARIFF, text[offset : offset + record.MAX_PAYLOAD])
        if not seq:
            return 0, 0
        first = first or seq
    return first, len(text)


def read(journal, first: int, size: int) -> bytearray:
    """The text; what is damaged, or gone, makes it another one."""
    text = bytearray(size)
    place = 0
    cursor = journal.sector_of(first)
    while place < size:
        entry = cursor.next()
        if entry is None:
            return text[:place]
        if entry.seq >= first and entry.kind == record.TARIFF:
            piece = entry.payload[: size - place]
            text[place : place + len(piece)] = piece
            place += len(piece)
    return text


def kept(books, journal, stored: tuple) -> tuple:
    """Where it lies now: written again, when the ring has come round to where it will soon be
    overwritten.
    """
    if not stored[0]:
        return stored
    behind = journal.epoch - journal.cursor(stored[0] - 1).seek()  # sectors
    if behind < journal.ring.sectors * 3 // 4:
        return stored
    text = read(journal, *stored)
    place = write(books, text) if len(text) == stored[1] else stored
    return place if place[0] else stored
