"""A journal over the flash model, filled and read."""

from host_sim.models.nor import SECTOR_BYTES, Nor
from journal import Journal
from lib import record
from tests.sim.partition import Partition

REGISTERS = bytes(range(40))


def flash(sectors: int = 6) -> Nor:
    return Nor(sectors * SECTOR_BYTES, write_once_16=True)


def opened(nor: Nor) -> Journal:
    journal = Journal(Partition(nor))
    journal.open()
    journal.snapshot = lambda: REGISTERS
    return journal


def fill(journal: Journal, records: int, told: dict[int, bytes], length: int = 20) -> None:
    for _ in range(records):
        payload = b"%05d" % len(told) * (length // 5)
        told[journal.append(record.FRAME, payload)] = payload


def read(journal: Journal, after: int = 0) -> dict[int, tuple[int, bytes]]:
    cursor = journal.cursor(after)
    found = {}
    while entry := cursor.next():
        assert entry.seq not in found
        found[entry.seq] = (entry.kind, bytes(entry.payload))
    return found


def frames(journal: Journal, after: int = 0) -> dict[int, bytes]:
    found = read(journal, after)
    return {seq: payload for seq, (kind, payload) in found.items() if kind == record.FRAME}
