"""Reads an image of the journal partition: sectors, records, damage. See firmware/JOURNAL.md."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 4096
BLOCK = 16
COMPACT = 0x80
HEADER = struct.Struct("<4sBBHIIIII")
FENCE = 0x01
MARKS = (0x02, 0x03, 0x04)
KINDS = {
    0x01: "fence",
    0x02: "boot",
    0x03: "ack",
    0x04: "loss",
    0x05: "snapshot",
    0x10: "frame",
    0x11: "event",
    0x12: "checkpoint",
    0x13: "tariff",
    0x14: "leak",
    0x20: "piece",
    0x21: "done",
}


class ImageError(Exception):
    """The file is no image of a journal."""


@dataclass(frozen=True)
class Entry:
    """One record as it lies in flash."""

    epoch: int
    offset: int  # in the image
    kind: int
    seq: int
    boot: int | None  # in which it was written; None: what would tell it is damaged
    payload: bytes

    @property
    def name(self) -> str:
        """The kind in words."""
        if self.kind >= COMPACT:
            return "frame"
        return KINDS.get(self.kind, f"kind {self.kind:#04x}")

    @property
    def size(self) -> int:
        """Bytes in flash."""
        return BLOCK if self.kind >= COMPACT else -(-(len(self.payload) + 8) // BLOCK) * BLOCK


@dataclass
class Sector:
    """One sector: `epoch` and `first` are None where the header does not say."""

    index: int
    state: str  # "valid", "blank", "damaged", "newer"
    epoch: int | None = None
    first: int | None = None
    boots: dict[int, int] = field(default_factory=dict)  # by slot of the mark; 0: the header
    entries: list[Entry] = field(default_factory=list)
    junk: list[tuple[int, int]] = field(default_factory=list)  # unreadable: offsets in the image
    free: int = 0  # blank bytes at the end


@dataclass
class Image:
    """All that an image says."""

    sectors: list[Sector]  # by epoch, oldest first; those without one are not in it
    others: list[Sector]  # blank, or damaged and without records
    records: list[Entry]  # those that stand, by sequence
    superseded: list[Entry]
    gaps: list[tuple[int, int]]  # sequences that are not there


def read_image(path: Path) -> Image:
    """Read a file; ImageError when it is none of ours."""
    raw = Path(path).read_bytes()
    if not raw or len(raw) % SECTOR:
        raise ImageError(f"{path}: {len(raw)} bytes are not a multiple of {SECTOR}")
    count = len(raw) // SECTOR
    sectors = [_sector(raw, index, count) for index in range(count)]
    if any(sector.state == "newer" for sector in sectors):
        raise ImageError(f"{path}: written by a newer format version")
    if not any(sector.state == "valid" for sector in sectors):
        # the first sector of all may have lost its header, and still have its records
        sectors[0].epoch, sectors[0].first = 0, 1
        _read_records(raw, sectors[0])
    if not any(sector.state == "valid" or sector.entries for sector in sectors):
        blank = all(sector.state == "blank" for sector in sectors)
        raise ImageError(f"{path}: " + ("blank" if blank else "holds no journal"))
    _infer(sectors)
    for sector in sectors:
        if sector.epoch is not None and not sector.entries:
            _read_records(raw, sector)
    used = [sector for sector in sectors if sector.epoch is not None and sector.entries]
    used += [sector for sector in sectors if sector.state == "valid" and not sector.entries]
    used.sort(key=lambda sector: sector.epoch or 0)
    others = [sector for sector in sectors if sector not in used]
    records, superseded = _standing(used)
    return Image(used, others, records, superseded, _gaps(records))


def _sector(raw: bytes, index: int, count: int) -> Sector:
    head = raw[index * SECTOR : index * SECTOR + 32]
    if head == b"\xff" * 32:
        return Sector(index, "blank")
    magic, version, _, sectors, epoch, first, _, boot, _ = HEADER.unpack(head[:28])
    if magic != b"PKJL" or zlib.crc32(head[:28]) != int.from_bytes(head[28:], "little"):
        return Sector(index, "damaged")
    if version > 1:
        return Sector(index, "newer")
    if sectors != count or epoch % count != index:
        return Sector(index, "damaged")
    return Sector(index, "valid", epoch, first, {0: boot})


def _infer(sectors: list[Sector]) -> None:
    """Give damaged sectors the epoch and sequences that follow from the others."""
    count = len(sectors)
    newest = max(sector.epoch for sector in sectors if sector.epoch is not None)
    by_epoch = {sector.epoch: sector for sector in sectors if sector.state == "valid"}
    for epoch in range(newest + 1, max(-1, newest - count + 1), -1):
        sector = sectors[epoch % count]
        if sector.state != "damaged" or sector.epoch is not None:
            continue
        sector.epoch = epoch
        behind, before = by_epoch.get(epoch + 1), by_epoch.get(epoch - 1)
        if behind and behind.first is not None:
            sector.first = behind.first - 255
        elif before and before.first is not None:
            sector.first = before.first  # right as long as the two have 255 records together


def _read_records(raw: bytes, sector: Sector) -> None:
    """Walk over the slots of one sector."""
    start = sector.index * SECTOR
    offset, junk = 32, None
    while offset < SECTOR:
        entry = _entry(raw, sector, offset)
        blank = raw[start + offset : start + offset + 16] == b"\xff" * 16
        if junk is not None and (entry or blank):
            sector.junk.append((start + junk, start + offset))
            junk = None
        if entry:
            sector.entries.append(entry)
            offset += entry.size
        else:
            if not blank and junk is None:
                junk = offset
            offset += 16
    if junk is not None:
        sector.junk.append((start + junk, start + SECTOR))
    body = raw[start : start + SECTOR]
    sector.free = SECTOR - max(32, -(-len(body.rstrip(b"\xff")) // 16) * 16)


def _entry(raw: bytes, sector: Sector, offset: int) -> Entry | None:
    at = sector.index * SECTOR + offset
    kind, low, anchor, length = raw[at : at + 4]
    head = 4
    if kind >= COMPACT:
        head, length = 3, 9
    end = at + head + length
    if kind in (0, 0xFF) or length > 120 or end + 4 > (sector.index + 1) * SECTOR:
        return None
    assert sector.epoch is not None
    base = (sector.first or 1) - 1
    seq = base + (low - base) % 256
    seed = ((sector.epoch * 256 + offset // BLOCK) ^ (seq // 256)) % 2**32
    if zlib.crc32(raw[at:end], seed) != int.from_bytes(raw[end : end + 4], "little"):
        return None
    payload = raw[at + head : end]
    if kind in MARKS:
        sector.boots[offset // BLOCK] = int.from_bytes(payload[4:8], "little")
    return Entry(sector.epoch, at, kind, seq, sector.boots.get(anchor), payload)


def _walk(sectors: list[Sector]) -> Iterator[Entry]:
    for sector in sectors:
        yield from (entry for entry in sector.entries if entry.kind != FENCE)


def _standing(sectors: list[Sector]) -> tuple[list[Entry], list[Entry]]:
    """Records that stand, and those that a later one took the place of."""
    counting = [s for s in sectors if len({e.seq for e in s.entries if e.kind != FENCE}) > 1]
    oldest = counting[0].epoch or 0 if counting else 0
    order = list(_walk([sector for sector in sectors if (sector.epoch or 0) >= oldest]))
    stand: list[Entry] = []
    superseded: list[Entry] = []
    last = 0
    for entry, following in zip(order, [*order[1:], None], strict=True):
        if entry.seq > last and (following is None or following.seq > entry.seq):
            stand.append(entry)
            last = entry.seq
        else:
            superseded.append(entry)
    return stand, superseded


def _gaps(records: list[Entry]) -> list[tuple[int, int]]:
    pairs = zip(records, records[1:], strict=False)
    return [(a.seq + 1, b.seq - 1) for a, b in pairs if b.seq > a.seq + 1]
