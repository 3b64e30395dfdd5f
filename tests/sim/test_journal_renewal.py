"""A journal that forgets its past goes on with its numbers, wherever the supply is cut."""

from contextlib import suppress

import pytest

from host_sim.models.nor import CUTS, Nor, PowerCut
from journal import renewal
from lib import record
from tests.sim.journal_rig import fill, flash, frames, opened

SECTORS = 12


def filled(records: int) -> tuple[Nor, int]:
    """A flash with so many records, in its first lap or a later one; the newest sequence."""
    nor = flash(SECTORS)
    journal = opened(nor)
    fill(journal, records, {})
    return nor, journal.newest


@pytest.mark.parametrize("records", [3, 300, 700, 1500, 4000])
def test_the_numbers_go_on_and_the_past_is_gone(records: int) -> None:
    nor, newest = filled(records)
    journal = opened(nor)
    told: dict[int, bytes] = {}
    fill(journal, 1, told)
    renewal.run(journal, record.FRAME, b"first")
    first = journal.newest
    assert first - 2 <= journal.oldest <= first  # behind a snapshot, and maybe a copy
    told = {first: b"first"}
    fill(journal, 200, told)
    for again in (journal, opened(nor)):
        assert again.newest > newest + 200
        # its first sector may begin with a copy of the record before it
        assert {seq: each for seq, each in frames(again).items() if seq >= first} == told
        assert min(frames(again)) >= first - 2
    assert opened(nor).boot == 3


@pytest.mark.parametrize("records", [300, 1500])
@pytest.mark.parametrize("how", CUTS)
def test_a_cut_at_any_erase_reuses_no_number(records: int, how: str) -> None:
    nor, known = filled(records)
    for number in range(1, SECTORS + 6):  # a few programs, and the erases
        cut = Nor.copy(nor, number)
        journal = opened(cut)
        cut.cut_after(number, how)
        with suppress(PowerCut):
            renewal.run(journal, record.FRAME, b"first")
        cut.power_on()
        again = opened(cut)
        assert again.newest >= known
        newest = again.newest
        told: dict[int, bytes] = {}
        fill(again, 100, told)
        assert min(told) > newest
        later = {seq: each for seq, each in frames(opened(cut)).items() if seq > newest}
        assert later == told
