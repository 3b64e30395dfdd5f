"""The text that outlives power cuts: old or new, whole, and it does not change its mind."""

from contextlib import suppress

import pytest

from host_sim.models.marginal import MOODS
from host_sim.models.nor import CUTS, SECTOR_BYTES, Nor, PowerCut
from journal import JournalError
from journal.document import Document
from journal.identity import opened
from tests.sim.document_owner import Tenant
from tests.sim.partition import Partition

OLD = b"old" * 50
NEW = b"new" * 100


def document(nor: Nor, mood: str = "as erased") -> Document:
    nor.power_on()
    nor.mood = mood
    return Document(opened(Partition(nor)))


def flash(seed: int = 0, sectors: int = 16) -> Nor:
    return Nor(sectors * SECTOR_BYTES, seed=seed, write_once_16=True)


def test_what_was_saved_last_is_loaded() -> None:
    nor = flash()
    assert document(nor).load() is None
    for text in (b"", b"x", OLD, NEW, bytes(range(256)) * 40, b"\xff" * 4000, OLD):
        document(nor).save(text)
        assert document(nor).load() == text


def test_a_boot_that_changes_nothing_writes_nothing() -> None:
    nor = flash()
    document(nor).save(OLD)
    erases, programs = nor.erases, nor.programs
    for mood in MOODS:
        assert document(nor, mood).load() == OLD
        document(nor, mood).save(OLD)
    assert (nor.erases, nor.programs) == (erases, programs)


def test_it_is_saved_a_thousand_times_and_wears_evenly() -> None:
    nor = flash()
    for number in range(1000):
        document(nor).save(b"%d" % number * 200)
    assert document(nor).load() == b"999" * 200
    assert max(nor.wear) - min(nor.wear) <= 1


@pytest.mark.parametrize("first", [None, OLD])
def test_old_or_new_after_a_cut_in_every_operation(first: bytes | None) -> None:
    cuts = 0
    for operation in range(1, 16):
        for how in CUTS:
            for seed in range(3):
                nor = flash(seed)
                if first is not None:
                    document(nor).save(b"before")
                    document(nor).save(first)
                keeper = document(nor)
                nor.cut_after(operation, how)
                try:
                    keeper.save(NEW)
                except PowerCut:
                    cuts += 1
                found = document(nor, MOODS[seed % 3]).load()
                assert found in (first, NEW)
                for mood in MOODS:
                    again = document(nor, mood).load()
                    assert again == found or found is None, f"{operation} {how} {seed}"
                document(nor).save(OLD + NEW)
                assert document(nor).load() == OLD + NEW
    assert cuts > 150


@pytest.mark.long_where(seed=1)
@pytest.mark.long_where(seed=2)
@pytest.mark.parametrize("seed", [*range(3), 802199])
def test_a_life_with_a_cut_in_every_boot(seed: int) -> None:
    Tenant(seed).live(500)


def test_any_record_may_be_damaged() -> None:
    nor = flash()
    document(nor).save(OLD)
    document(nor).save(NEW)
    whole = bytes(nor.data)
    end = len(whole[:SECTOR_BYTES].rstrip(b"\xff"))
    for address in range(0, end, 5):
        nor = flash()
        nor.store(whole)
        nor.data[address] ^= 1
        assert document(nor).load() == NEW


def test_an_older_text_is_used_and_told_where_both_copies_are_damaged() -> None:
    nor = flash()
    document(nor).save(OLD)
    document(nor).save(NEW)
    for start in range(0, SECTOR_BYTES, 16):
        if nor.data[start : start + 8].endswith(NEW[:4]):
            nor.data[start + 5] ^= 1
    keeper = document(nor)
    assert keeper.load() == OLD
    assert keeper.passed_over == 2


def test_many_cut_attempts_never_push_out_what_stands() -> None:
    # Two sectors beside the present one are not much; when they are used up, saving is refused.
    nor = flash(sectors=4)
    document(nor).save(OLD)
    for _ in range(200):
        keeper = document(nor)
        nor.cut_after(9, "nothing")
        with suppress(PowerCut, JournalError):
            keeper.save(NEW * 4)
        assert document(nor).load() in (OLD, NEW * 4)


def test_clear_errors() -> None:
    with pytest.raises(JournalError, match="at least 4"):
        Document(opened(Partition(flash(sectors=2))))
    nor = flash(sectors=4)
    with pytest.raises(JournalError, match="at most 1625"):
        document(nor).save(bytes(1626))
    document(nor).save(OLD)
    nor.broken = dict.fromkeys(range(4), "program")
    with pytest.raises(JournalError, match="no sector|takes no"):
        document(nor).save(NEW)
    nor.broken = {}
    assert document(nor).load() == OLD
    foreign = flash()
    foreign.store(bytes(range(256)) * 256)
    with pytest.raises(JournalError, match="something else"):
        document(foreign)
    assert foreign.programs == foreign.erases == 0
