"""A dump in the ledger: as if its collector had uploaded it, each record once, whichever way comes
first; and what is damaged in it stays open.
"""

import random
from pathlib import Path

import pytest

from books import CHANNELS
from feed import Feed
from host_sim.models.nor import Nor
from journal import Journal
from lib import payload, record
from tests.sim.bench import COLLECTOR
from tests.sim.journal_rig import flash, opened
from tests.sim.test_feed import House
from tests.tools.deliveries import NOW_S, status
from tools.headend import dump as dumps
from tools.headend.dump import Dump, DumpError
from tools.headend.ledger import Ledger
from tools.headend.loading import Loaded, load
from tools.journal.image import read_image

Messages = list[tuple[str, bytes]]


def a_seed() -> int:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    return seed


def lived(records: int, seed: int) -> tuple[Nor, Journal]:
    """A journal as books fill it, over three boots."""
    rng = random.Random(seed)
    nor = flash(6)
    house = House(rng, 0)
    for _ in range(3):
        house.journal = opened(nor)
        house.journal.snapshot = house.kept.pack
        for _ in range(records // 3):
            house.live()
    return nor, house.journal


def saved(nor: Nor, folder: Path, name: str = COLLECTOR) -> Dump:
    nor.save(folder / f"{name}.journal")
    return Dump(folder / f"{name}.journal")


def uploaded(journal: Journal) -> Messages:
    """What the firmware sends of it, from its first record on."""
    out = payload.writer()
    feed = Feed(journal, CHANNELS, out)
    feed.rewind(0)
    found = []
    while feed.gather():
        word, _, _ = feed.message()
        found.append((f"ami/{COLLECTOR}/{word}", bytes(out.packet(b""))))
    return found


def contents(ledger: Ledger, upto: int = 1 << 32) -> list:
    """All that is stored of the collector up to a record, but how it came."""
    rows = [
        (channel, row)
        for channel in ledger.channels(COLLECTOR)
        for row in ledger.rows(COLLECTOR, channel)
        if row.seq <= upto
    ]
    return [*rows, *(event for event in ledger.events(COLLECTOR) if event.seq <= upto)]


def deltas(ledger: Ledger) -> list[tuple[str, int, int | None]]:
    return [
        (channel, row.seq, row.delta)
        for channel in ledger.channels(COLLECTOR)
        for row in ledger.rows(COLLECTOR, channel)
    ]


def is_closed(ledger: Ledger) -> bool:
    books = ledger.books(COLLECTOR)
    return not (books.conflicts or books.refused or books.waiting or books.residual) and not any(
        book.breaks for book in books.channels.values()
    )


def test_the_channels_are_those_of_the_firmware() -> None:
    assert dumps.CHANNELS == CHANNELS


@pytest.mark.parametrize("records", [30, 600, 2400])
def test_it_is_what_the_collector_would_have_sent(records: int, tmp_path: Path) -> None:
    # With 2400 much was overwritten before anybody had it: told as lost, either way.
    nor, journal = lived(records, a_seed())
    dump = saved(nor, tmp_path)
    by_dump, by_wire = Ledger(), Ledger()
    loaded = load(by_dump, dump, COLLECTOR, NOW_S)
    by_wire.receive_all(uploaded(journal), NOW_S)
    assert contents(by_dump) == contents(by_wire, dump.newest) != []
    assert (loaded.holes, is_closed(by_dump)) == ([], True)
    assert bool(by_dump.books(COLLECTOR).lost) == (records == 2400)
    assert loaded.received_upto >= dump.newest - 1
    by_dump.receive_all(uploaded(journal), NOW_S)
    assert contents(by_dump) == contents(by_wire)
    assert is_closed(by_dump)


def test_whichever_way_comes_first(database: Path | str, tmp_path: Path) -> None:
    # Dumps and messages of one journal in any order, each of them again: nothing twice, nothing
    # missing, no doubt about any record.
    rng = random.Random(a_seed())
    nor, journal = lived(400, rng.randrange(1 << 32))
    dump, sent = saved(nor, tmp_path), uploaded(journal)
    wire = Ledger()
    wire.receive_all(sent, NOW_S)
    cuts = sorted(rng.sample(range(1, len(sent)), 2))
    steps: list[Messages | None] = [sent[: cuts[0]], sent[cuts[0] : cuts[1]], sent[cuts[1] :]]
    steps += [None, None, *steps]
    rng.shuffle(steps)
    ledger = Ledger(database)
    for step in steps:
        if step is None:
            load(ledger, dump, COLLECTOR, NOW_S)
        else:
            ledger.receive_all(step, NOW_S)
    assert contents(ledger) == contents(wire)
    assert is_closed(ledger)
    doubles = ledger.books(COLLECTOR).dropped_doubles
    again = load(ledger, dump, COLLECTOR, NOW_S)
    assert (again.intervals, again.events, again.holes) == (0, 0, [])
    assert ledger.books(COLLECTOR).dropped_doubles == doubles  # it is not even asked for


def test_what_an_earlier_head_end_took_may_still_be_there(tmp_path: Path) -> None:
    # The collector will never send it again, having been told that it is safe; its flash has it.
    nor, journal = lived(200, a_seed())
    wire, ledger = Ledger(), Ledger()
    wire.receive_all(uploaded(journal), NOW_S)
    ledger.receive(f"ami/{COLLECTOR}/status", status(boot=3, acked=120), NOW_S)
    dump = saved(nor, tmp_path)
    load(ledger, dump, COLLECTOR, NOW_S)
    assert contents(ledger) == contents(wire, dump.newest)
    assert is_closed(ledger)


def test_what_is_damaged_stays_open_until_the_collector_tells_it(tmp_path: Path) -> None:
    # The file is damaged, and the flash is not, as far as anybody knows here. Called lost, those
    # records would be acknowledged, and the collector would never send them.
    nor, journal = lived(400, a_seed())
    sent = uploaded(journal)
    wire = Ledger()
    wire.receive_all(sent, NOW_S)
    whole = saved(nor, tmp_path)
    entries = [each for each in read_image(whole.path).records if each.kind >= record.COMPACT]
    first, second = entries[len(entries) // 4], entries[len(entries) // 2]
    raw = bytearray(whole.path.read_bytes())
    for entry in (first, second):
        raw[entry.offset + 5] ^= 0x10
    whole.path.write_bytes(raw)
    ledger = Ledger()
    damaged = Dump(whole.path)
    loaded = load(ledger, damaged, COLLECTOR, NOW_S)
    holes = [(first.seq, first.seq), (second.seq, second.seq)]
    assert loaded.holes == holes and loaded.received_upto < first.seq
    books = ledger.books(COLLECTOR)
    assert (books.lost, books.conflicts, len(books.waiting)) == (0, 0, 2)
    assert len(contents(ledger)) == len(contents(wire, damaged.newest)) - 2 * len(CHANNELS)
    assert load(ledger, damaged, COLLECTOR, NOW_S) == Loaded(0, 0, loaded.received_upto, holes)
    ledger.receive_all(sent, NOW_S)
    assert is_closed(ledger)
    assert deltas(ledger) == deltas(wire)


def test_what_is_damaged_in_flash_the_collector_tells_itself(tmp_path: Path) -> None:
    # Then it is lost, and the books are those that its own messages alone would have made.
    nor, before = lived(400, a_seed())
    entries = read_image(saved(nor, tmp_path).path).records
    frames = [each for each in entries if each.kind >= record.COMPACT]
    nor.data[frames[len(frames) // 2].offset + 5] ^= 0x10
    nor.load_marks()
    ledger, wire = Ledger(), Ledger()
    dump = saved(nor, tmp_path)
    assert len(load(ledger, dump, COLLECTOR, NOW_S).holes) == 1
    journal = opened(nor)
    journal.snapshot = before.snapshot
    for each in (ledger, wire):
        each.receive_all(uploaded(journal), NOW_S)
    assert contents(ledger) == contents(wire)
    books = ledger.books(COLLECTOR)
    assert (books.lost, books.conflicts, books.waiting) == (1, 0, [])
    assert load(ledger, dump, COLLECTOR, NOW_S).holes == []


def test_the_last_record_may_change_its_mind(tmp_path: Path) -> None:
    # A cut left it half there: the next boot does not see it, and gives its number to another.
    nor, before = lived(100, a_seed())
    ledger = Ledger()
    load(ledger, saved(nor, tmp_path), COLLECTOR, NOW_S)
    last = read_image(tmp_path / f"{COLLECTOR}.journal").records[-1]
    nor.data[last.offset + 5] ^= 0x10
    nor.load_marks()
    journal = opened(nor)
    journal.snapshot = before.snapshot
    journal.append(record.EVENT, bytes((18, 9, 0, 1, 2, 3, 4, 5)))
    ledger.receive_all(uploaded(journal), NOW_S)
    wire = Ledger()
    wire.receive_all(uploaded(journal), NOW_S)
    assert contents(ledger) == contents(wire)


def test_a_dump_of_another_board_changes_nothing(tmp_path: Path) -> None:
    seed = a_seed()
    _, journal = lived(100, seed)
    ledger = Ledger()
    ledger.receive_all(uploaded(journal), NOW_S)
    before = contents(ledger)
    other, _ = lived(100, seed + 1)
    with pytest.raises(DumpError, match="another board"):
        load(ledger, saved(other, tmp_path), COLLECTOR, NOW_S)
    assert contents(ledger) == before
