"""Which sectors count: one that was opened in vain holds at most one sequence, and a stale one."""

from lib import record, sector


def oldest(ring, header: sector.Header, epochs: range) -> tuple | None:
    """`(epoch, first sequence)` of the first sector of `epochs` that counts, None without."""
    for epoch in epochs:
        known = ring.header(epoch % ring.sectors, header) and header.epoch == epoch
        first = header.first
        if not known:
            if header.kind != sector.GARBAGE or not ring.header(
                (epoch + 1) % ring.sectors, header
            ):
                continue
            first = header.first - 255  # all we know without a header of its own
        lowest = counts(ring, epoch, first - 1)
        if lowest:
            return epoch, first if known else lowest
    return None


def counts(ring, epoch: int, base: int) -> int:
    """The lower of the first two different sequences in a sector, 0 when there are not two."""
    offset = sector.HEADER_BYTES
    lowest = 0
    while offset < sector.BYTES:
        view = ring.window[: min(record.MAX_BYTES, sector.BYTES - offset)]
        ring.read(epoch % ring.sectors, offset, view)
        size = record.check(view, epoch, offset // record.SLOT_BYTES, base)
        if size and view[0] != record.FENCE:
            seq = record.full_seq(base, view)
            if lowest and seq != lowest:
                return min(lowest, seq)
            lowest = seq
        offset += size or record.SLOT_BYTES
    return 0
