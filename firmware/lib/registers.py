"""The registers of all channels as records: the snapshot in every sector, and checkpoints between
intervals.

Per channel three integers: the register at the last interval boundary (None while it was never
read); how far it has come since; and what its owner carries beside it (a pulse channel the part of
a unit, a meter's channel the offset of its register). A checkpoint tells the second, and the third
where it has changed. With the snapshot any sector of the journal is meaningful alone, and a boot
goes on from the newest.
"""

import struct

from lib import varint

_HEAD = "<IB"  # last boundary in unix seconds (0: none yet), channels
_HEAD_BYTES = 5


class Registers:
    """What such records say, and what they become when an interval is closed.

    read_s: per channel the end of the last interval in which it was read; None when that was not
    told since the snapshot.
    """

    def __init__(self, boundary_s: int, boundaries: list, sinces: list, carries: list):
        self.boundary_s = boundary_s
        self.boundaries = boundaries
        self.sinces = sinces
        self.carries = carries
        self.read_s: list = [None] * len(boundaries)

    def close(self, boundary_s: int, deltas: list) -> None:
        """Move on over the interval that ended at `boundary_s` (0: the time was not known); a
        delta of None leaves its channel open.
        """
        self.boundary_s = boundary_s or self.boundary_s
        for place, delta in enumerate(deltas):
            if delta is not None:
                self.boundaries[place] += delta
                self.sinces[place] = 0
                self.read_s[place] = boundary_s or self.read_s[place]

    def checkpoint(self, sinces: list, carries: list) -> bytes:
        """Payload of the checkpoint that leads from here to there; mostly it fits 16 bytes."""
        moves = [carry - kept for carry, kept in zip(carries, self.carries)]
        return varint.pack(
            b"", sinces + [varint.zigzag(move) for move in moves] if any(moves) else sinces
        )

    def advance(self, payload: bytes) -> None:
        """Move on to a checkpoint; ValueError where the payload is none of these channels."""
        values = varint.unpack(payload, 0)
        channels = len(self.sinces)
        if len(values) not in (channels, 2 * channels):
            raise ValueError("checkpoint of other channels")
        self.sinces = values[:channels]
        for place, value in enumerate(values[channels:]):
            self.carries[place] += varint.signed(value)

    def pack(self) -> bytes:
        """The record's payload. A boundary is stored plus one, so that 0 says "never read"."""
        values = [0 if value is None else value + 1 for value in self.boundaries] + self.sinces
        if any(self.carries):
            values += [varint.zigzag(carry) for carry in self.carries]
        return varint.pack(struct.pack(_HEAD, self.boundary_s, len(self.boundaries)), values)


def unpack(payload: bytes) -> Registers:
    """The opposite of pack(); ValueError where the payload is no such record."""
    if len(payload) < _HEAD_BYTES:
        raise ValueError("registers record cut short")
    boundary_s, channels = struct.unpack_from(_HEAD, payload)
    values = varint.unpack(payload, _HEAD_BYTES)
    if len(values) not in (2 * channels, 3 * channels):
        raise ValueError("registers record cut short")
    boundaries = [value - 1 if value else None for value in values[:channels]]
    sinces = values[channels : 2 * channels]
    carries = [varint.signed(value) for value in values[2 * channels :]] or [0] * channels
    return Registers(boundary_s, boundaries, sinces, carries)
