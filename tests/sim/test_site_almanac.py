"""An almanac that a technician put onto the board: the command that prints it, and the start that
takes it.
"""

import gc
from pathlib import Path

import pytest

from host_sim.models.nor import SECTOR_BYTES, Nor
from journal import Journal
from lib import events, record
from rates import admission, restore, shelf
from tests.sim.partition import Partition
from tests.vm import FIRMWARE
from tools.headend.__main__ import main

CONFIG = {"interval_s": 900}


class Books:
    """What the rates need of the books; events as (kind, values)."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.told: list[tuple] = []
        self.rates = None

    def keep(self, rates) -> None:
        self.rates = rates

    def append(self, kind: int, payload: bytes) -> bool:
        self.journal.append(kind, payload)
        return True

    def event(self, kind: int, values: tuple) -> bool:
        self.told.append((kind, values))
        return self.append(record.EVENT, events.pack(kind, 1, None, values))


class Service:
    """The uplink, and the health."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.sources: list = []
        self.on_tariff = None


@pytest.fixture
def books() -> Books:
    journal = Journal(Partition(Nor(16 * SECTOR_BYTES, write_once_16=True)))
    journal.open()
    journal.snapshot = lambda: b""
    return Books(journal)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the technician puts it."""
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gc, "mem_free", lambda: 1 << 20, raising=False)
    return tmp_path / "site" / "almanac.json"


def start(books: Books) -> None:
    """The end of a boot."""
    uplink = Service()
    books.told.clear()
    admission.run(restore.run(CONFIG, books.journal), books, books.journal, Service(), uplink)
    assert uplink.topics == ["tariff"]


def test_the_command_prints_what_the_next_start_takes(books: Books, file: Path, capsys) -> None:
    assert main(["almanac", "--tariff", str(FIRMWARE / "tariffs" / "e1_tou.json")]) == 0
    text = capsys.readouterr().out
    file.write_bytes(text.encode())
    start(books)
    ((kind, values),) = books.told
    assert (kind, values[0]) == (events.TARIFF_SET, 1)
    assert books.rates and books.rates.almanac.version == 1
    assert bytes(shelf.read(books.journal, *books.rates.stored)) == text.encode()
    assert not file.exists()
    start(books)
    assert books.told == []
    assert books.rates.almanac.version == 1


@pytest.mark.parametrize("text", ["", "{}", '{"v":1,"version":3', "x" * 100_000, "\n"])
def test_what_is_wrong_is_told_once_and_the_old_one_goes_on(
    books: Books, file: Path, text: str
) -> None:
    file.write_text(text)
    start(books)
    assert [kind for kind, _ in books.told] == [events.TARIFF_REFUSED]
    start(books)
    assert books.told == []


def test_a_tariff_that_is_not_there(capsys) -> None:
    assert main(["almanac", "--tariff", "nowhere"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "nowhere" in said.err
