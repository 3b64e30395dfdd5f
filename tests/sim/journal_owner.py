"""An owner of a journal that remembers every promise it was given, and checks them."""

import random
from collections.abc import Iterator

from host_sim.models.nor import Nor
from tools.firmware_path import FIRMWARE  # noqa: F401  (makes what follows importable)

# isort: split
from journal import Journal
from lib import record
from tests.sim.partition import Partition

LONG_KINDS = (record.FRAME, record.EVENT, record.CHECKPOINT)
COMPACT_KINDS = (0x80, 0xB5, 0xFE)
OWN_KINDS = LONG_KINDS + COMPACT_KINDS


class Lost(AssertionError):
    """The journal broke its word."""


def demand(truth: object, text: str, *values: object) -> None:
    """Raise Lost unless `truth`; the text is put together only then."""
    if not truth:
        raise Lost(text.format(*values))


class House:
    """An owner of a journal: appends, acknowledges, boots, and checks every word it was given.

    told: sequence -> (kind, payload) of what was in flash for certain
    gone: what was told and overwritten since; an interrupted erase may show it again
    tries, ackings: what interrupted calls were about to store; it may or may not be there
    """

    def __init__(self, nor: Nor, seed: int):
        self.nor = nor
        self.random = random.Random(seed)
        self.told: dict[int, tuple[int, bytes]] = {}
        self.gone: dict[int, tuple[int, bytes]] = {}
        self.lost: list[tuple[int, int]] = []
        self.tries: list[tuple[int, bytes]] = []
        self.ackings: list[int] = []
        self.acked = self.boot = 0

    def copy(self, nor: Nor, seed: int) -> "House":
        """The same memory of promises, over another chip."""
        other = House(nor, seed)
        other.__dict__.update(self.__dict__)
        other.nor = nor
        other.random = random.Random(seed)
        other.told = dict(self.told)
        other.gone = dict(self.gone)
        other.lost = list(self.lost)
        other.tries = list(self.tries)
        other.ackings = list(self.ackings)
        return other

    # --- what an owner does ---------------------------------------------------------------

    def start(self) -> None:
        """Boot: recover, and check what is there against what was told."""
        self.journal = Journal(Partition(self.nor))
        self.journal.open()
        self.journal.snapshot = lambda: b"snapshot"
        self.check()

    def settle(self) -> None:
        """The first record of a boot; from then on all that is readable must stay so."""
        self.append()
        self.told.update(self.check())
        demand(self.journal.boot > self.boot, "boot {} again", self.journal.boot)
        self.boot = self.journal.boot
        self.acked = self.journal.acked
        self.tries.clear()
        self.ackings.clear()

    def append(self) -> None:
        """Store a record of a random kind and length."""
        if self.random.random() < 0.25:
            kind, length = self.random.choice(COMPACT_KINDS), record.COMPACT_PAYLOAD
        else:
            kind = self.random.choice(LONG_KINDS)
            length = self.random.choice((8, 13, 24, 60, 119, 120, 120, 120))
        fill = self.random.choice((b"\xff", b"\0", None))
        payload = self.random.randbytes(length) if fill is None else fill * length
        self.tries.append((kind, payload))
        seq = self.journal.append(kind, payload)
        self.told[seq] = self.tries.pop()

    def acknowledge(self) -> None:
        """The head-end has most of it."""
        journal = self.journal
        self.ackings.append(self.random.randint(journal.acked, journal.newest))
        journal.ack(self.ackings[-1])
        self.acked = journal.acked
        self.ackings.clear()

    def step(self) -> None:
        """One thing that an owner does."""
        choice = self.random.random()
        if choice < 0.1:
            self.acknowledge()
        elif choice < 0.3:
            self.journal.prepare()
        else:
            self.append()

    # --- what must hold -------------------------------------------------------------------

    def records(self) -> Iterator[tuple[int, bytes, int]]:
        """(kind, payload, seq) of all that can be read."""
        cursor = self.journal.cursor(self.journal.oldest - 1)
        while found := cursor.next():
            yield found.kind, bytes(found.payload), found.seq

    def check(self) -> dict[int, tuple[int, bytes]]:
        """Compare everything in the journal with what was told; returns it."""
        journal = self.journal
        demand(journal.state in ("ready", "fresh"), "state {}", journal.state)
        demand(journal.acked in [self.acked, *self.ackings], "acked {}", journal.acked)
        seen = {}
        for kind, payload, seq in self.records():
            demand(seq not in seen, "{} twice", seq)
            seen[seq] = (kind, payload)
            if seq in self.told:
                demand(
                    (kind, payload) == self.told[seq],
                    "{} changed: {}, was {}",
                    seq,
                    (kind, payload),
                    self.told[seq],
                )
            elif kind in OWN_KINDS and self.gone.get(seq) != (kind, payload):
                demand((kind, payload) in self.tries, "{} fabricated", seq)
            if kind == record.LOSS:
                self.lost.append(record.unpack_loss(payload))
        self._check_gone(seen)
        return seen

    def _check_gone(self, seen: dict[int, tuple[int, bytes]]) -> None:
        """What was told and is gone was overwritten, oldest first, and counted if it had to be."""
        journal = self.journal
        settled = max(journal.acked, journal.lost)
        for seq in self.told.keys() - seen.keys():
            demand(seq < journal.oldest, "{} is not there, oldest is {}", seq, journal.oldest)
            if seq > settled:  # not counted yet: the next write of the journal counts it
                demand(not journal._resumed, "{} overwritten, loss not counted", seq)
                continue
            counted = any(first <= seq <= last for first, last in self.lost)
            demand(seq <= journal.acked or counted, "{} lost without a record", seq)
            self.gone[seq] = self.told.pop(seq)
