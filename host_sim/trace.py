"""What a run left behind: every programmed record and every published message, in order, with its
time.
"""

import hashlib
import re
from dataclasses import dataclass

# The one thing two interpreters may differ in: how much heap they say they have.
_HEAP_FIGURES = re.compile(rb'"heap_\w+":\d+')


@dataclass(frozen=True)
class Entry:
    """One happening: microseconds since the world began, what kind, and its bytes."""

    at_us: int
    kind: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.at_us} {self.kind} {self.data!r}"


class Trace:
    """An append-only list of entries; two runs are the same if their digests are."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, at_us: int, kind: str, data: bytes) -> None:
        """Append one entry."""
        self.entries.append(Entry(at_us, kind, data))

    def without_heap(self) -> "Trace":
        """The same trace with the heap figures masked, to compare two interpreters."""
        masked = Trace()
        masked.entries += [
            Entry(entry.at_us, entry.kind, _HEAP_FIGURES.sub(b'"heap":0', entry.data))
            for entry in self.entries
        ]
        return masked

    def published(self, last_word: str) -> list[Entry]:
        """Messages whose topic ends in `last_word`."""
        return [
            entry
            for entry in self.entries
            if entry.kind.startswith("publish ") and entry.kind.endswith("/" + last_word)
        ]

    def digest(self) -> str:
        """SHA-256 over all entries, hexadecimal."""
        total = hashlib.sha256()
        for entry in self.entries:
            total.update(str(entry).encode() + b"\n")
        return total.hexdigest()

    def first_difference(self, other: "Trace") -> str | None:
        """The first place where two traces part, for a person to read; None if they are equal."""
        for place, (mine, theirs) in enumerate(zip(self.entries, other.entries, strict=False)):
            if mine != theirs:
                return f"entry {place}:\n  {mine}\n  {theirs}"
        if len(self.entries) != len(other.entries):
            return f"{len(self.entries)} entries against {len(other.entries)}"
        return None
