"""A journal that was brought home as a file, as the messages that its collector would have sent.

They are made by the firmware's own lib/shipment.py, of what a reader of the image finds that is
not the firmware's: the same records in the same words as over MQTT, whichever way comes first.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tools.firmware_path  # noqa: F401  (lib is the firmware's)
from tools.journal.image import Entry, ImageError, read_image

from lib import payload, record  # isort: skip
from lib.shipment import Shipment  # isort: skip

# As in firmware/books.py: which channel the integers of a frame are of, and in which unit.
CHANNELS = (
    ("electricity_delivered", "Wh"),
    ("electricity_received", "Wh"),
    ("water", "L"),
    ("gas", "dm3"),
)
_NAMED = re.compile(r"pk-[0-9a-f]{12}")

Hole = tuple[int, int]  # the first and last record of a stretch that is not there


class DumpError(Exception):
    """It cannot be loaded; one line says why, and what to do."""


class _Record(NamedTuple):
    """As lib/shipment.py takes it. missed: so many just before it are not in the file."""

    kind: int
    seq: int
    missed: int
    boot: int
    payload: bytes


class Dump:
    """The file at `path`. Raises `DumpError`.

    newest: the last record in it that is told. The one behind that may change its mind, until the
    collector has written another: a cut of the supply may have left it half there, and then it
    reads differently tomorrow (firmware/JOURNAL.md).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            entries = read_image(path).records[:-1]
        except ImageError as error:
            raise DumpError(f"{error}: is it what `make dump` wrote?") from error
        except OSError as error:
            raise DumpError(f"{path}: cannot be read: {error.strerror}") from error
        if not entries:
            raise DumpError(f"{path}: nothing was written in it yet, so there is nothing to load")
        befores = [0, *(entry.seq for entry in entries)]
        self._records = [_record(*each) for each in zip(entries, befores, strict=False)]
        self.newest = entries[-1].seq
        marks = [each for each in self._records if each.kind in record.MARKS]
        self._acked, self._boot, self._lost = (
            record.unpack_mark(marks[-1].payload) if marks else (0, 0, 0)
        )

    @property
    def collector(self) -> str | None:
        """Whose it is, where the file is called after it as `make dump` does; nothing within the
        file says so.
        """
        return self.path.stem if _NAMED.fullmatch(self.path.stem) else None

    def holes(self, after: int = 0) -> list[Hole]:
        """What cannot be read behind `after`. Whether it is lost, or damaged in this file only,
        the collector alone can say: no message covers it.
        """
        found = [self._hole(each, after) for each in self._records]
        return [hole for hole in found if hole]

    def messages(self, collector: str, after: int = 0) -> Iterator[tuple[str, bytes]]:
        """(topic, text) of all that is behind record `after`."""
        shipment = Shipment(CHANNELS, payload.writer())
        shipment.restart(after, self.newest)
        for each in self._records:
            if self._hole(each, shipment.upto):
                yield from self._told(collector, shipment)
                shipment.restart(each.seq - 1, self.newest)
            while not self._taken(shipment, each):
                yield from self._told(collector, shipment)
        yield from self._told(collector, shipment)

    def _told(self, collector: str, shipment: Shipment) -> Iterator[tuple[str, bytes]]:
        if not shipment.is_empty():
            word, text = shipment.message(self._boot)
            yield f"ami/{collector}/{word}", bytes(text)
        shipment.clear()

    def _taken(self, shipment: Shipment, each: _Record) -> bool:
        """Whether it fits into the message at hand; into an empty one it must."""
        strange = DumpError(
            f"{self.path}: record {each.seq} says nothing that this version knows: is there a"
            " newer one? Nothing was loaded"
        )
        try:
            taken = shipment.add(each)
        except (ValueError, IndexError, struct.error) as error:
            raise strange from error
        if not taken and shipment.is_empty():
            raise strange
        return taken

    def _hole(self, each: _Record, after: int) -> Hole | None:
        """What is not there just before a record, and behind `after`; but for what the collector
        knows to have overwritten, which is told as lost.
        """
        first, last = max(each.seq - each.missed, after + 1), each.seq - 1
        is_overwritten = self._acked < first and last <= self._lost
        return None if first > last or is_overwritten else (first, last)


def _record(entry: Entry, before: int) -> _Record:
    # 0 as the firmware has it: what would tell the boot is damaged
    missed = entry.seq - 1 - before
    return _Record(entry.kind, entry.seq, missed, entry.boot or 0, entry.payload)
