"""The journal over the flash model: order, wrap, acknowledgement, loss, bounds.

Everything runs with blocks written once.
"""

import pytest

from host_sim.models.nor_timing import ERASE_US
from journal import JournalFull
from lib import frame, record
from tests.sim.journal_rig import REGISTERS, fill, flash, frames, opened, read


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


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_what_ends_a_sector_is_read_also_when_the_next_one_has_begun(step: int) -> None:
    # A cursor stands at the end, and before it looks again the last record of the sector and the
    # first of the next one are written: nothing is passed over, whatever is written between looks.
    journal, told = opened(flash()), {}
    cursor = journal.cursor()
    seen = {}
    while journal.newest < 800:
        fill(journal, step, told)
        while (entry := cursor.next()) is not None:
            assert entry.missed == 0, entry.seq
            if entry.kind == record.FRAME:
                seen[entry.seq] = bytes(entry.payload)
    assert seen == told


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


def test_all_but_two_sectors_are_kept() -> None:
    nor, told = flash(8), {}
    journal = opened(nor)
    for _ in range(300):
        fill(journal, 9, told)
        journal.prepare()
        assert journal.epoch - journal.floor + 1 >= min(journal.epoch, 7)
        assert opened(nor).oldest == journal.oldest


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
        begin_s = start_s + hours * 3600
        journal.append(*frame.pack(begin_s, 3600, [1500, 0, 250, 1200], [0] * 4, begin_s))
        hours += 1
    assert (journal.newest - journal.oldest) // 24 >= 400


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
