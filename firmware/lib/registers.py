"""The registers of all channels as records: the snapshot in every sector, and checkpoints between
intervals.

Per channel two integers: the register at the last interval boundary (None while it was never
read), and how far it has come since; a checkpoint tells only the second. With the snapshot any
sector of the journal is meaningful alone, and a boot goes on from the newest.
"""

import struct

from lib import varint

_HEAD = "<IB"  # last boundary in unix seconds (0: none yet), channels
_HEAD_BYTES = 5


class Registers:
    """What such records say, and what they become when an interval is closed."""

    def __init__(self, boundary_s: int, boundaries: list, sinces: list):
        self.boundary_s = boundary_s
        self.boundaries = boundaries
        self.sinces = sinces

    def close(self, boundary_s: int, deltas: list) -> None:
        """Move on over the interval that ended at `boundary_s`; a delta of None leaves its channel
        open.
        """
        self.boundary_s = boundary_s
        for place, delta in enumerate(deltas):
            if delta is not None:
                self.boundaries[place] += delta
                self.sinces[place] = 0

    def advance(self, payload: bytes) -> None:
        """Move on to a checkpoint; ValueError where the payload is none of these channels."""
        place = 0
        sinces = []
        for _ in self.sinces:
            since, place = varint.get(payload, place)
            sinces.append(since)
        self.sinces = sinces

    def pack(self) -> bytes:
        """The record's payload. A boundary is stored plus one, so that 0 says "never read"."""
        values = [0 if value is None else value + 1 for value in self.boundaries] + self.sinces
        out = bytearray(_HEAD_BYTES + sum([varint.size(value) for value in values]))
        struct.pack_into(_HEAD, out, 0, self.boundary_s, len(self.boundaries))
        place = _HEAD_BYTES
        for value in values:
            place = varint.put(out, place, value)
        return bytes(out)


def checkpoint(sinces: list) -> bytes:
    """Payload of a checkpoint: between two boundaries only this changes, and it fits 16 bytes."""
    out = bytearray(sum([varint.size(value) for value in sinces]))
    place = 0
    for value in sinces:
        place = varint.put(out, place, value)
    return bytes(out)


def unpack(payload: bytes) -> Registers:
    """The opposite of pack(); ValueError where the payload is no such record."""
    if len(payload) < _HEAD_BYTES:
        raise ValueError("registers record cut short")
    boundary_s, channels = struct.unpack_from(_HEAD, payload)
    place = _HEAD_BYTES
    values = []
    for _ in range(2 * channels):
        value, place = varint.get(payload, place)
        values.append(value)
    boundaries = [value - 1 if value else None for value in values[:channels]]
    return Registers(boundary_s, boundaries, values[channels:])
