"""The supply fails at every flash operation, and again while the journal recovers.

A `House` drives a journal over the NOR model and remembers what it was told is stored. `cut_everywhere` repeats each
flash operation of a run with the supply cut in it in every way; `live` is one long life with a cut in every boot.

    python -m tests.sim.powercut --cuts 1000000 --seed 1
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator

from host_sim.models.nor import CUTS, SECTOR_BYTES, Nor, PowerCut
from journal import READY, Journal
from lib import record
from tests.sim.partition import Partition

OWN_KINDS = (record.FRAME, record.EVENT, record.CHECKPOINT)
SECTORS = 4
LIFE_SECTORS = 12  # a life may fail several times in a row to open a sector


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
        self.sectors = nor.size // SECTOR_BYTES
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
        kind = self.random.choice(OWN_KINDS)
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
        if journal.state == READY:
            kept = journal.epoch - journal.floor + 1
            demand(kept >= min(journal.epoch, self.sectors // 2 - 1), "only {} sectors kept", kept)
        return seen

    def _check_gone(self, seen: dict[int, tuple[int, bytes]]) -> None:
        """What was told and is not there was overwritten, oldest first; told of it if unacknowledged."""
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


def cut_everywhere(seed: int, warm_up: int, steps: int, ways: tuple[str, ...] = CUTS) -> int:
    """After `warm_up` steps, cut each flash operation of `steps` more in every way; go on after each.

    Returns the number of cuts.
    """
    nor = _HookedNor(SECTORS * SECTOR_BYTES, seed=seed, write_once_16=True)
    house = House(nor, seed)
    cuts = 0

    def before(operation: Callable[[Nor], None]) -> None:
        nonlocal cuts
        for how in ways:
            cuts += 1
            _cut_once(house, operation, how, seed * 1_000_003 + cuts)

    house.start()
    if not warm_up:
        nor.before = before
    house.settle()
    for _ in range(warm_up):
        house.step()
    nor.before = before
    for _ in range(steps):
        house.step()
    return cuts


def _cut_once(house: House, operation: Callable[[Nor], None], how: str, seed: int) -> None:
    nor = Nor.copy(house.nor, seed)
    nor.__class__ = Nor
    other = house.copy(nor, seed)
    nor.cut_after(1, how)
    try:
        operation(nor)
    except PowerCut:
        pass
    for _ in range(2):  # what is marginal may read differently in the second boot
        nor.power_on()
        other.start()
        other.settle()
        for _ in range(3):
            other.step()
        nor.power_off()


class _HookedNor(Nor):
    """Tells of each operation before it happens."""

    before: Callable[[Callable[[Nor], None]], None] | None = None

    def program(self, address: int, data: bytes) -> None:
        """Tell, then program."""
        if self.before:
            data = bytes(data)
            self.before(lambda nor: nor.program(address, data))
        super().program(address, data)

    def erase(self, sector: int) -> None:
        """Tell, then erase."""
        if self.before:
            self.before(lambda nor: nor.erase(sector))
        super().erase(sector)


def live(seed: int, cuts: int) -> None:
    """One life: a cut in every boot, often in the recovery itself."""
    rng = random.Random(seed)
    nor = Nor(LIFE_SECTORS * SECTOR_BYTES, seed=seed, write_once_16=True)
    house = House(nor, seed)
    for _ in range(cuts):
        nor.power_on()
        nor.cut_after(rng.randint(1, rng.choice((3, 10, 60))), rng.choice(CUTS))
        try:
            house.start()
            house.settle()
            while True:
                house.step()
        except PowerCut:
            pass


def main() -> int:
    """Command line; exit status 1 when the journal broke its word."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cuts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, done, seed, failures = time.monotonic(), 0, options.seed, 0
    while done < options.cuts:
        each = min(500, options.cuts - done)
        try:
            if seed % 2:
                live(seed, each)
            else:
                each = cut_everywhere(seed, seed % 7 * 60, 40)
        except Exception:
            failures += 1
            print(f"seed {seed} fails: python -m tests.sim.powercut --cuts {each} --seed {seed}")
            traceback.print_exc()
        done += each
        seed += 1
        print(f"\r{done:,} cuts, {failures} failures", end="", file=sys.stderr)
    rate = done / (time.monotonic() - began)
    print(
        f"\n{done:,} cuts, seeds {options.seed}..{seed - 1}, {failures} failures, {rate:.0f} cuts/s"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
