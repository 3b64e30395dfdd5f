"""The almanac in the journal, on both Pythons: the ring comes round, and it stays."""

from journal import Journal, JournalError
from lib import events, record
from lib.tally import Tally
from rates import shelf, tell
from tests.sim.plain_nor import PlainNor

BOTH_VMS = True
HEAP_KIB = 1024  # the flash is in there too
SECTORS = 16
PER_SECTOR = 127  # records of 32 bytes
TEXT = bytes([i * i % 251 for i in range(1399)])


class Books:
    """Whatever else is recorded."""

    def __init__(self, journal):
        self._journal = journal
        self.is_full = False

    def event(self, kind, values):
        return self.append(record.EVENT, events.pack(kind, 1, 0, values))

    def closed_registers(self):
        return [None] * 4

    def append(self, kind, payload):
        try:
            if self.is_full:
                raise JournalError("full")
            return self._journal.append(kind, payload)
        except JournalError:
            return 0


def shelved():
    journal = Journal(PlainNor(SECTORS))
    journal.open()
    journal.snapshot = lambda: b"registers"
    books = Books(journal)
    return books, journal, shelf.write(books, TEXT)


def live(books, journal, records):
    for number in range(records):
        books.append(record.CHECKPOINT, b"%09d" % number)
    journal.ack(journal.newest)


def test_it_is_read_where_it_was_written():
    books, journal, stored = shelved()
    assert stored[1] == len(TEXT)
    live(books, journal, 300)
    assert shelf.read(journal, *stored) == TEXT


def test_it_outlives_the_ring():
    books, journal, stored = shelved()
    places = {stored}
    while journal.newest < 6 * SECTORS * PER_SECTOR:
        live(books, journal, 150)
        stored = shelf.kept(books, journal, stored)
        places.add(stored)
        assert stored[0] >= journal.oldest
    assert shelf.read(journal, *stored) == TEXT
    # it is moved every twelve sectors, not with every look
    assert 7 <= len(places) <= 9, len(places)


def test_what_is_lost_is_another_text():
    books, journal, stored = shelved()
    for _ in range(20):
        live(books, journal, 150)
    assert shelf.read(journal, *stored) != TEXT
    assert shelf.kept(books, journal, stored) == stored


def test_where_the_flash_refuses_it_stays_where_it_is():
    books, journal, stored = shelved()
    live(books, journal, (SECTORS - 3) * PER_SECTOR)
    assert shelf.read(journal, *stored) == TEXT
    books.is_full = True
    assert shelf.kept(books, journal, stored) == stored
    books.is_full = False
    moved = shelf.kept(books, journal, stored)
    assert moved != stored
    assert shelf.read(journal, *moved) == TEXT


class Fresh:
    """Rates that have not told anything yet: the flash refused it."""

    demand = None
    stored = (0, 0)

    def __init__(self):
        self.tally = Tally(4)


def test_a_first_period_that_was_refused_is_told_when_it_comes_not_at_the_end_of_the_day():
    books, journal, _ = shelved()
    before = journal.newest
    tell.run(Fresh(), books, journal)
    assert journal.newest == before
