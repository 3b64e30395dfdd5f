"""What must be true when the network is well again: everything that the journal holds for the
head-end is there, exactly once, and adds up; and no part of the firmware fell over on the way.

The journal is read from the flash by its second reader (tools/journal), which shares no code with
the firmware.
"""

import tempfile
from collections import Counter
from pathlib import Path

from host_sim.simulation import Simulation
from tests.sim.bench import collector_of, ledger_of
from tools.headend.ledger import Ledger
from tools.journal.image import Entry, read_image

OWED = ("frame", "event", "loss")
ENDINGS = ("power lost", "end of run")


def judge(simulation: Simulation, received: Ledger | None = None) -> Counter[str]:
    """Hold a life against what must be true; figures of it. AssertionError tells the first thing
    that is not. received: by a head-end outside of the world.
    """
    _check_lives(simulation)
    collector, ledger = collector_of(simulation), received or ledger_of(simulation)
    books, events = ledger.books(collector), ledger.events(collector)
    owed = [entry for entry in journal(simulation) if entry.name in OWED]
    newest = owed[-1].seq
    assert books.watermark >= newest, f"have all up to {books.watermark}, owed up to {newest}"
    got = Counter(event.seq for event in events)
    for name in books.channels:
        for row in ledger.rows(collector, name):
            got[row.seq] |= 1
    missing = [entry.seq for entry in owed if entry.seq not in got]
    assert not missing, f"not at the head-end: {missing[:9]}"
    assert set(got) <= {entry.seq for entry in owed}, "at the head-end, and never in the journal"
    assert max(got.values()) == 1, f"doubled: {[seq for seq, n in got.items() if n > 1][:9]}"
    assert books.closed, books
    failed = [event.detail for event in events if event.type == "task_failed"]
    assert not failed, f"tasks failed: {failed}"
    return Counter(
        records=len(owed),
        boots=len(simulation.collector.lives),
        connections=simulation.connections,
        repeats=books.dropped_doubles,
    )


def journal(simulation: Simulation) -> list[Entry]:
    """The records that stand in flash, oldest first."""
    with tempfile.NamedTemporaryFile(suffix=".journal") as file:
        path = Path(file.name)
        simulation.flash.chip("journal").save(path)
        return read_image(path).records


def _check_lives(simulation: Simulation) -> None:
    for life in simulation.collector.lives:
        assert life.ending in ENDINGS, f"{life.ending} at {life.ended_us} us: {life.console}"
        assert "Traceback" not in life.console, life.console
