"""The journal over the flash model: wrap, acknowledgement, loss, damage, bounds. All with blocks written once."""

import pytest

from host_sim.models.nor import ERASE_US, SECTOR_BYTES, Nor
from journal import Journal, JournalError, JournalFull
from lib import frame, record, sector
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


def test_records_come_back_in_order_from_any_place() -> None:
    journal, told = opened(flash()), {}
    fill(journal, 400, told)
    assert frames(journal) == told
    for after in range(0, journal.newest, 37):
        assert list(read(journal, after)) == list(range(after + 1, journal.newest + 1))
    assert read(journal, journal.newest) == {}


def test_a_cursor_waits_at_the_end_and_goes_on() -> None:
    journal, told = opened(flash()), {}
    cursor = journal.cursor()
    assert cursor.next() is None
    fill(journal, 300, told)
    seen = {}
    while len(seen) < 600:
        entry = cursor.next()
        if entry is None:
            fill(journal, 1, told)
        elif entry.kind == record.FRAME:
            seen[entry.seq] = bytes(entry.payload)
    assert seen == dict(list(told.items())[:600])


def test_a_slow_cursor_that_is_overwritten_says_how_many_it_missed() -> None:
    journal, told = opened(flash()), {}
    fill(journal, 50, told)
    cursor = journal.cursor()
    assert (entry := cursor.next()) and entry.seq == 1
    fill(journal, 1500, told)
    assert (entry := cursor.next()) and entry.missed == 0  # it had been read ahead
    assert (entry := cursor.next()) and entry.seq in (journal.oldest - 1, journal.oldest)
    assert entry.missed == entry.seq - 3


def test_overwriting_is_oldest_first_and_counted() -> None:
    journal, told = opened(flash()), {}
    fill(journal, 200, told)
    journal.ack(150)
    fill(journal, 1800, told)
    losses = [
        record.unpack_loss(payload)
        for kind, payload in read(journal).values()
        if kind == record.LOSS
    ]
    for (_, last), (first, _) in zip(losses, losses[1:], strict=False):
        assert first == last + 1
    assert losses[-1][1] == journal.lost == journal.oldest - 1
    assert list(read(journal)) == list(range(min(read(journal)), journal.newest + 1))


def test_no_loss_is_reported_while_the_head_end_keeps_up() -> None:
    journal, told = opened(flash()), {}
    for _ in range(80):
        fill(journal, 25, told)
        journal.ack(journal.newest)
    assert journal.lost == 0
    assert record.LOSS not in {kind for kind, _ in read(journal).values()}


def test_the_watermark_survives_wherever_it_was_noted() -> None:
    nor, told = flash(), {}
    journal = opened(nor)
    for _ in range(60):
        fill(journal, 23, told)
        journal.ack(journal.newest - 5)
        again = opened(nor)
        assert (again.acked, again.newest) == (journal.acked, journal.newest)
        assert again.boot == journal.boot + 1
    with pytest.raises(ValueError, match="newest is"):
        journal.ack(journal.newest + 1)


def test_mains_lost_means_no_erase_and_counting_goes_on_later() -> None:
    nor, told = flash(), {}
    journal = opened(nor)
    fill(journal, 900, told)
    journal.mains_lost = True
    erases = nor.erases
    with pytest.raises(JournalFull):
        fill(journal, 500, told)
    assert not journal.prepare()
    assert nor.erases == erases
    journal.mains_lost = False
    fill(journal, 10, told)
    assert set(list(told)[-200:]) < set(frames(journal))


def test_erasing_ahead_keeps_an_append_short() -> None:
    nor = flash()
    journal, told, longest = opened(nor), {}, 0
    fill(journal, 700, told)
    for _ in range(700):
        journal.prepare()
        before = nor.busy_us
        fill(journal, 1, told)
        longest = max(longest, nor.busy_us - before)
    assert longest < ERASE_US // 10
    assert max(nor.wear) - min(nor.wear) <= 1


@pytest.mark.parametrize("more", [0, 1, 2, 3, 20, 63, 64, 130, 1000, 4003, 9000])
def test_recovery_of_a_full_ring_reads_little(more: int) -> None:
    nor, told = flash(64), {}
    journal = opened(nor)
    fill(journal, 8200, told)
    for _ in range(0, more, 10):
        fill(journal, min(10, more), told)
        journal.ack(journal.newest - 5)
        journal.prepare()
    reads, read_bytes = nor.reads, nor.bytes_read
    again = opened(nor)
    assert (again.newest, again.acked) == (journal.newest, journal.acked)
    assert nor.reads - reads <= 20
    assert nor.bytes_read - read_bytes <= 1024


@pytest.mark.parametrize("records", [0, 100, 5000, 20000])
def test_recovery_in_the_first_lap_of_a_large_ring_is_quick_too(records: int) -> None:
    nor, told = flash(512), {}
    fill(opened(nor), 1 + records, told)
    reads = nor.reads
    assert opened(nor).newest >= 1 + records
    assert nor.reads - reads <= 60


def test_960_kib_hold_400_days_of_four_hourly_channels() -> None:
    journal, hours = opened(flash(240)), 0
    start_s = frame.EPOCH_UNIX_S + 200_000 * 3600
    while journal.oldest == 1:
        payload = frame.pack(start_s + hours * 3600, 1, 3600, [1500, 0, 250, 1200], [0] * 4)
        journal.append(record.FRAME, payload)
        hours += 1
    assert (journal.newest - journal.oldest) // 24 >= 400


# --- damage -----------------------------------------------------------------------------------


def test_a_flipped_bit_costs_its_record_only() -> None:
    nor, told = flash(), {}
    fill(opened(nor), 400, told)
    whole = frames(opened(nor))
    for address in range(SECTOR_BYTES + 32, SECTOR_BYTES + 600, 7):
        nor.data[address] ^= 0x40
        found = frames(opened(nor))
        assert len(whole.keys() - found.keys()) <= 1
        assert found.items() <= whole.items()
        nor.data[address] ^= 0x40


def test_a_damaged_header_costs_nothing() -> None:
    nor, told = flash(), {}
    fill(opened(nor), 500, told)
    newest = opened(nor).newest
    for index in range(5):
        nor.data[index * SECTOR_BYTES + 9] ^= 1
        journal = opened(nor)
        assert journal.newest == newest
        assert frames(journal) == told
        assert journal.append(record.EVENT, b"") > newest
        nor = flash()
        told.clear()
        fill(opened(nor), 500, told)


@pytest.mark.parametrize("junk", [b"\x00", b"\xff", b"\xa5\x11\x08"])
def test_a_sector_of_garbage_costs_its_own_records(junk: bytes) -> None:
    for index in range(6):
        nor, told = flash(), {}
        fill(opened(nor), 1000, told)
        whole = frames(opened(nor))
        start = index * SECTOR_BYTES
        nor.data[start : start + SECTOR_BYTES] = (junk * SECTOR_BYTES)[:SECTOR_BYTES]
        nor.load_marks()
        journal = opened(nor)
        found = frames(journal)
        assert found.items() <= whole.items()
        assert len(whole) - len(found) <= 127
        assert journal.append(record.EVENT, b"goes on")


@pytest.mark.parametrize("fault", ["program", "erase", "stuck"])
def test_a_bad_sector_is_passed_over(fault: str) -> None:
    nor, told = flash(), {}
    journal = opened(nor)
    nor.strict = False
    fill(journal, 300, told)
    nor.broken[4] = fault
    nor.broken[1] = fault
    fill(journal, 1500, told)
    assert journal.ring.is_bad(4)
    found = frames(journal)
    assert set(list(told)[-250:]) <= set(found)
    again = opened(nor)
    assert again.newest == journal.newest
    assert frames(again) == found


def test_a_device_that_fails_altogether_is_a_clear_error() -> None:
    nor = flash()
    nor.broken = dict.fromkeys(range(6), "program")
    journal = opened(nor)
    with pytest.raises(JournalError, match="no sector"):
        journal.append(record.EVENT, b"")


def test_what_is_not_a_journal_is_never_written() -> None:
    nor = flash()
    nor.data[300:308] = b"littlefs"
    journal = opened(nor)
    assert journal.state == "foreign"
    with pytest.raises(JournalError, match="format"):
        journal.append(record.EVENT, b"")
    assert nor.programs == nor.erases == 0
    journal.format()
    assert journal.append(record.EVENT, b"")


def test_a_journal_of_newer_firmware_or_another_size_is_never_written() -> None:
    nor, told = flash(8), {}
    fill(opened(nor), 100, told)
    half = flash(4)
    half.data[:] = nor.data[: half.size]
    assert opened(half).state == "resized"
    header = sector.Header()
    header.pristine(0)
    raw = bytearray(32)
    header.pack_into(raw, 8)
    raw[4] = sector.VERSION + 1
    _seal(raw)
    nor.data[:32] = raw
    journal = opened(nor)
    assert journal.state == "newer"
    before = bytes(nor.data)
    with pytest.raises(JournalError, match="newer"):
        journal.append(record.EVENT, b"")
    assert nor.data == before


def _seal(raw: bytearray) -> None:
    from zlib import crc32

    raw[28:32] = crc32(raw[:28]).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("sectors", "block_bytes", "text"),
    [(3, 4096, "at least 4"), (8, 512, "blocks of 512"), (70000, 4096, "more than")],
)
def test_an_unfit_partition_is_a_clear_error(sectors: int, block_bytes: int, text: str) -> None:
    class Unfit:
        def ioctl(self, operation: int, _argument: int) -> int:
            return sectors if operation == 4 else block_bytes

    with pytest.raises(JournalError, match=text):
        Journal(Unfit())


def test_bad_arguments_are_refused() -> None:
    journal = opened(flash())
    for kind, payload in ((0, b""), (255, b""), (record.EVENT, bytes(121))):
        with pytest.raises(ValueError, match="record of kind"):
            journal.append(kind, payload)


def test_every_sector_begins_with_the_registers() -> None:
    nor, told = flash(), {}
    journal = opened(nor)
    fill(journal, 900, told)
    for seq in range(journal.oldest, journal.newest, 11):
        cursor = journal.sector_of(seq)
        entry = cursor.next()
        assert entry
        assert (entry.kind, bytes(entry.payload)) == (record.SNAPSHOT, REGISTERS)
        assert entry.seq <= seq
    entry = opened(nor).newest_sector().next()
    assert entry
    assert entry.kind == record.SNAPSHOT
