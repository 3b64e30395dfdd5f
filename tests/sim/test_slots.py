"""The two-slot store: old or new after any cut, also when what was cut reads differently later."""

from contextlib import suppress

import pytest

from host_sim.models.marginal import MOODS
from host_sim.models.nor import CUTS, MARGINAL, SECTOR_BYTES, Nor, PowerCut
from lib.slots import SlotError, SlotStore
from tests.sim.partition import Partition

OLD = b"old" * 50
NEW = b"new" * 100


def store(nor: Nor, mood: str = "as erased") -> SlotStore:
    nor.power_on()
    nor.mood = mood
    return SlotStore(Partition(nor))


def flash(seed: int = 0, sectors: int = 4) -> Nor:
    return Nor(sectors * SECTOR_BYTES, seed=seed, write_once_16=True)


def test_what_was_saved_last_is_loaded() -> None:
    nor = flash()
    assert store(nor).load() is None
    for data in (b"", b"x", OLD, NEW, bytes(range(256)) * 31, b"\xff" * 4000):
        store(nor).save(data)
        assert store(nor).load() == data


def test_the_same_data_wear_nothing() -> None:
    nor = flash()
    store(nor).save(OLD)
    erases = nor.erases
    store(nor).save(OLD)
    assert nor.erases == erases


@pytest.mark.parametrize("first", [None, OLD])
def test_old_or_new_after_a_cut_in_every_operation(first: bytes | None) -> None:
    cuts = 0
    for operation in range(1, 20):
        for how in CUTS:
            for seed in range(12):
                nor = flash(seed)
                if first is not None:
                    store(nor).save(b"before")
                    store(nor).save(first)
                nor.cut_after(operation, how)
                try:
                    SlotStore(Partition(nor)).save(NEW)
                except PowerCut:
                    cuts += 1
                found = store(nor, MOODS[seed % 3]).load()
                assert found in (first, NEW)
                for mood in MOODS:
                    again = store(nor, mood).load()
                    assert again == found or found is None, f"{operation} {how} {seed}"
                store(nor).save(OLD + NEW)
                assert store(nor).load() == OLD + NEW
    assert cuts > 500


def test_a_cut_while_a_doubtful_commit_is_made_sure() -> None:
    for seed in range(300):
        nor = flash(seed)
        store(nor).save(OLD)
        nor.cut_after(3 + len(NEW) // 128 + 2, MARGINAL)  # 2 erases, 3 chunks, first commit
        with pytest.raises(PowerCut):
            SlotStore(Partition(nor)).save(NEW)
        doubtful = store(nor, "as programmed")
        nor.cut_after(1, CUTS[seed % len(CUTS)])
        with suppress(PowerCut):
            doubtful.load()
        found = store(nor, MOODS[seed % 3]).load()
        assert found in (OLD, NEW)
        for mood in MOODS:
            assert store(nor, mood).load() == found, f"seed {seed}, bits read {mood}"


def test_every_flipped_bit_gives_the_one_before_or_the_same() -> None:
    nor = flash()
    store(nor).save(OLD)
    store(nor).save(NEW)
    for address in range(2 * SECTOR_BYTES, 2 * SECTOR_BYTES + 128 + len(NEW)):
        nor.data[address] ^= 1
        assert SlotStore(Partition(nor)).load() in (OLD, NEW)
        nor.data[address] ^= 1


def test_clear_errors() -> None:
    with pytest.raises(SlotError, match="at least 2"):
        SlotStore(Partition(flash(sectors=1)))
    nor = flash()
    with pytest.raises(SlotError, match="at most 7936"):
        store(nor).save(bytes(8065))
    store(nor).save(OLD)
    nor.broken = {2: "program", 3: "program"}
    with pytest.raises(SlotError, match="flash failed"):
        store(nor).save(NEW)
    assert store(nor).load() == OLD
