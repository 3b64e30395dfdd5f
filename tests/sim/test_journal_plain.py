"""The journal on both Pythons: it fills, wraps, loses its supply everywhere, and goes on."""

from journal import Journal, JournalError
from lib import record
from tests.sim.plain_nor import PlainNor

BOTH_VMS = True
HEAP_KIB = 1024  # the flash and what was told are in there too
SECTORS = 4


def _opened(nor):
    journal = Journal(nor)
    journal.open()
    journal.snapshot = lambda: b"registers"
    return journal


def _read(journal, after):
    cursor = journal.cursor(after)
    found = {}
    while True:
        entry = cursor.next()
        if entry is None:
            return found
        found[entry.seq] = (entry.kind, bytes(entry.payload))


def test_what_is_appended_is_read_after_a_reboot():
    nor = PlainNor(SECTORS)
    journal = _opened(nor)
    told = {}
    for i in range(700):
        payload = b"%04d" % i * (1 + i % 20)
        told[journal.append(record.FRAME, payload)] = (record.FRAME, payload)
        if i == 500:
            journal.ack(journal.newest)
    again = _opened(nor)
    assert (again.newest, again.oldest) == (journal.newest, journal.oldest)
    assert (again.acked, again.boot) == (journal.acked, journal.boot + 1)
    found = _read(again, again.oldest - 1)
    assert sorted(found) == list(range(again.oldest, again.newest + 1))
    for seq, entry in told.items():
        assert seq < again.oldest or found[seq] == entry


def test_a_cut_at_any_operation_costs_at_most_the_record_in_flight():
    nor = PlainNor(SECTORS)
    nor.left = 40
    journal = _opened(nor)
    told = {}
    cut = 0
    while cut < 60:
        try:
            journal = _opened(nor)
            for seq, entry in _read(journal, journal.oldest - 1).items():
                assert told.get(seq, entry) == entry
            while True:
                payload = b"%04d" % cut * (1 + cut % 25)
                told[journal.append(record.FRAME, payload)] = (record.FRAME, payload)
        except KeyboardInterrupt:
            told = {seq: entry for seq, entry in told.items() if seq >= journal.oldest}
            cut += 1
            nor.left = 40 + cut % 11
    journal = _opened(nor)
    found = _read(journal, journal.oldest - 1)
    for seq in told:
        assert seq < journal.oldest or found[seq] == told[seq]


def test_a_foreign_partition_is_left_alone():
    nor = PlainNor(SECTORS)
    nor.data[0:8] = b"littlefs"
    before = bytes(nor.data[:64])
    journal = _opened(nor)
    assert journal.state == "foreign"
    try:
        journal.append(record.EVENT, b"")
        raise AssertionError("written")
    except JournalError:
        pass
    assert nor.data[:64] == before
    journal.format()
    assert journal.append(record.EVENT, b"") > 0
