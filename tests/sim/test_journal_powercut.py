"""The supply fails in every flash operation, in every way; then at random, also in recovery.

`python -m tests.sim.powercut --cuts 1000000` does more of the same.
"""

import pytest

from host_sim.models.nor import ALL, MARGINAL, SECTOR_BYTES, Nor, PowerCut
from journal import Journal
from lib import record
from tests.sim import powercut
from tests.sim.partition import Partition


@pytest.mark.parametrize(("seed", "warm_up", "steps"), [(2, 0, 100), (4, 150, 80), (6, 400, 80)])
def test_a_cut_at_every_operation(seed: int, warm_up: int, steps: int) -> None:
    assert powercut.cut_everywhere(seed, warm_up, steps) > 4 * steps


@pytest.mark.long_where(seed=102)
@pytest.mark.long_where(seed=20051)
@pytest.mark.long_where(seed=40405)
@pytest.mark.long_where(seed=202499)
@pytest.mark.parametrize("seed", [*range(101, 103), 5053, 20051, 40405, 100017, 202499])
def test_a_life_with_a_cut_in_every_boot(seed: int) -> None:
    powercut.live(seed, powercut.LIFE)


@pytest.mark.parametrize("seed", [500225, 503547, 505849, *range(2)])
def test_a_childhood_with_a_cut_in_every_boot(seed: int) -> None:
    powercut.live(seed, powercut.CHILDHOOD)


def test_what_a_cut_left_unseen_harms_nothing_that_is_written_over_it() -> None:
    """Marginal bits read as erased, so the journal goes on at that place; then as programmed."""
    for seed in range(60):
        nor = Nor(4 * SECTOR_BYTES, seed=seed, write_once_16=True)
        journal = _opened(nor, "as erased")
        journal.append(record.EVENT, b"one")
        nor.cut_after(1, MARGINAL)
        with pytest.raises(PowerCut):
            journal.append(record.EVENT, bytes(100))
        journal = _opened(nor, "as erased")
        told = {journal.append(record.EVENT, b"\xff" * 24): b"\xff" * 24 for _ in range(8)}
        for mood in ("as programmed", "noise", "as erased"):
            journal = _opened(nor, mood)
            found = _events(journal)
            assert found.items() >= told.items(), f"seed {seed}, bits read {mood}"
            assert len(found) - len(told) in (1, 2)  # the torn record may have been whole


def test_a_record_that_was_seen_once_and_vanishes_does_not_come_back() -> None:
    """A torn record reads well at one boot, is gone at the next, and reads well again."""
    for seed in range(60):
        nor = Nor(4 * SECTOR_BYTES, seed=seed, write_once_16=True)
        journal = _opened(nor, "as erased")
        journal.append(record.EVENT, b"one")
        nor.cut_after(1, MARGINAL)
        with pytest.raises(PowerCut):
            journal.append(record.EVENT, b"torn")
        journal = _opened(nor, "as programmed")
        nor.cut_after(1, ALL)
        with pytest.raises(PowerCut):
            journal.append(record.EVENT, b"two")
        journal = _opened(nor, "as erased")
        seq = journal.append(record.EVENT, b"three")
        for mood in ("as programmed", "noise", "as erased"):
            found = _events(_opened(nor, mood))
            assert found[seq] == b"three"
            assert list(found.values()) in ([b"one", b"three"], [b"one", b"torn", b"three"])


def test_a_loss_is_counted_when_the_cut_falls_between_the_erase_and_its_record() -> None:
    nor = Nor(4 * SECTOR_BYTES, write_once_16=True)
    journal = _opened(nor, "as erased")
    while journal.epoch < 3 or journal.offset + 112 <= SECTOR_BYTES:
        journal.append(record.EVENT, bytes(100))
    nor.cut_after(1, ALL)
    with pytest.raises(PowerCut):
        journal.append(record.EVENT, bytes(100))
    journal = _opened(nor, "as erased")
    assert journal.oldest > 1
    assert journal.lost == 0
    journal.append(record.EVENT, b"")
    cursor = journal.cursor(journal.oldest - 1)
    losses = []
    while entry := cursor.next():
        if entry.kind == record.LOSS:
            losses.append(record.unpack_loss(bytes(entry.payload)))
    assert losses == [(1, journal.oldest - 1)]


def _opened(nor: Nor, mood: str) -> Journal:
    nor.power_on()
    nor.mood = mood
    journal = Journal(Partition(nor))
    journal.open()
    return journal


def _events(journal: Journal) -> dict[int, bytes]:
    cursor = journal.cursor()
    found = {}
    while entry := cursor.next():
        if entry.kind == record.EVENT:
            found[entry.seq] = bytes(entry.payload)
    return found
