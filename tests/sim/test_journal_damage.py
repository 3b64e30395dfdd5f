"""What is damaged costs itself and nothing else; what is not ours is left alone."""

from zlib import crc32

import pytest

from host_sim.models.nor import SECTOR_BYTES
from journal import Journal, JournalError
from lib import record, sector
from tests.sim.journal_rig import fill, flash, frames, opened


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


def test_the_only_header_may_be_damaged_too() -> None:
    nor, told = flash(), {}
    fill(opened(nor), 100, told)
    nor.data[9] ^= 1
    journal = opened(nor)
    assert (journal.state, journal.damaged) == ("ready", 1)
    assert frames(journal) == told
    assert journal.append(record.EVENT, b"") > max(told)
    assert frames(opened(nor)) == told


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
    for kind, payload in ((0, b""), (255, b""), (record.EVENT, bytes(121)), (0x80, bytes(8))):
        with pytest.raises(ValueError, match="record of kind"):
            journal.append(kind, payload)
