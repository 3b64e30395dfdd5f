"""An owner of a document, as the configuration is one: whatever is loaded is old or new."""

import random
from contextlib import suppress

from host_sim.models.nor import CUTS, SECTOR_BYTES, Nor, PowerCut
from tests.sim.journal_owner import demand
from tests.sim.partition import Partition

# isort: split
from journal import JournalError
from journal.document import Document
from journal.identity import opened

SECTORS = 16
LENGTHS = (0, 1, 119, 120, 121, 240, 600, 2048)


class Tenant:
    """Saves, loads, loses its supply in the middle of either, and remembers.

    may_be: what may be loaded; more than one only behind a save that was cut
    """

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self._move_in()

    def _move_in(self) -> None:
        seed = self.random.randrange(1 << 32)
        self.nor = Nor(SECTORS * SECTOR_BYTES, seed=seed, write_once_16=True)
        self.may_be: list[bytes | None] = [None]

    def live(self, cuts: int) -> None:
        """A cut in every boot, often in the load, which settles what a cut left in doubt."""
        for _ in range(cuts):
            self.nor.power_on()
            latest = self.random.choice((2, 5, 50))
            self.nor.cut_after(self.random.randint(1, latest), self.random.choice(CUTS))
            with suppress(PowerCut):
                try:
                    self._live_once()
                except JournalError as error:  # a dozen cuts in a row
                    demand("no room" in str(error), "{}", error)
                    self._load(Document(opened(Partition(self.nor))))
                    self._move_in()

    def _live_once(self) -> None:
        document = Document(opened(Partition(self.nor)))
        self._load(document)
        while True:
            self._save(document)
            self._load(document)

    def _load(self, document: Document) -> None:
        found = document.load()
        demand(found in self.may_be, "{} loaded, never saved", found)
        # what was never seen may still appear, until the next save puts an end to it
        self.may_be = [found] if found is not None else self.may_be

    def _save(self, document: Document) -> None:
        text = self.random.randbytes(self.random.choice(LENGTHS))
        self.may_be.append(text)
        document.save(text)
        self.may_be = [text]
