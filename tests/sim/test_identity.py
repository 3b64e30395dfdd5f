"""The configuration's text is read once more from where it was found, and looked for anew where it
is not there any more.
"""

import random

import pytest

from host_sim.models.nor import SECTOR_BYTES, Nor
from journal import identity
from tests.sim.partition import Partition

LONGEST_BYTES = 2048  # lib/settings.py


class Flash(Partition):
    """Counts what is read."""

    reads = 0

    def readblocks(self, block: int, buf: memoryview, offset: int = 0) -> None:
        self.reads += 1
        super().readblocks(block, buf, offset)


@pytest.fixture
def flash() -> Flash:
    return Flash(Nor(16 * SECTOR_BYTES, write_once_16=True))


def reads_of(flash: Flash, place: list) -> int:
    """How often the flash is read for the text."""
    flash.reads = 0
    assert identity.load(place)[1] == []
    return flash.reads


@pytest.mark.parametrize("seed", range(2))
def test_whatever_was_stored_is_read_back(seed: int) -> None:
    # Thirty texts go three times around a small ring, so that pieces lie across its seam and those
    # of its sectors; somebody starts anew between two.
    chance = random.Random(seed)
    flash = Flash(Nor(8 * SECTOR_BYTES, write_once_16=True))
    place = identity.place_in(flash)
    for _ in range(30):
        text = chance.randbytes(chance.randrange(1, LONGEST_BYTES))
        assert identity.save(place, text) == []
        assert identity.load(place) == (text, [])
        assert place[1] == identity.digest(text)
        if chance.random() < 0.3:
            place = identity.place_in(flash)
            assert identity.load(place) == (text, [])
            assert identity.load(place) == (text, [])


def test_the_journal_is_recovered_once(flash: Flash) -> None:
    # 5 KB of the heap, where a stock ESP32 in full operation has 8.
    identity.save(identity.place_in(flash), b"{}" * 50)
    place = identity.place_in(flash)
    with_journal, without = reads_of(flash, place), reads_of(flash, place)
    assert without < with_journal / 2
    assert reads_of(flash, place) == without


def test_a_text_that_is_not_there_any_more_is_looked_for(flash: Flash) -> None:
    # The copy that was read is damaged, then all of flash; then it cannot be read at all.
    text = bytes(range(200))
    place = identity.place_in(flash)
    identity.save(place, text)
    last = flash.nor.data.rindex(text[:100])
    flash.nor.data[last] ^= 0x01
    assert identity.load(place) == (text, ["identity partition: 1 newer copies damaged"])
    flash.nor.data[:] = bytes(len(flash.nor.data))
    text, problems = identity.load(place)
    assert text == b"{}"
    assert "holds something else" in problems[0]


def test_a_flash_that_cannot_be_read_is_told(
    flash: Flash, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = identity.place_in(flash)
    identity.save(place, b"{}")

    def fails(*_: object) -> None:
        raise OSError(5)

    monkeypatch.setattr(flash, "readblocks", fails)
    text, problems = identity.load(place)
    assert text == b"{}"
    assert problems


def test_nothing_is_known_of_a_text_whose_storing_failed(flash: Flash) -> None:
    place = identity.place_in(flash)
    identity.save(place, b"old")
    flash.nor.broken = dict.fromkeys(range(16), "program")
    assert identity.save(place, b"new")
    assert place[1:] == [b"", None]
    flash.nor.broken = {}
    assert identity.load(place)[0] == b"old"
