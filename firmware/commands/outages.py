"""The last five outages, out of the journal."""

import asyncio
import struct

from micropython import const

from lib import events, record, varint

_PAIRS = const(5)
# of an event (lib/events.py): where its time stands, and where its values begin
_TIME = const(3)
_EVENT_HEAD_BYTES = const(7)
_AT_ONCE = const(40)  # records; the whole journal has some ten thousand, and pulses come meanwhile


async def run(site, arguments: dict) -> tuple:
    """When each began and ended, the newest first; None: not known, or not yet."""
    return _detail(await _pairs(site.journal))


async def _pairs(journal) -> list:
    """[UTC when mains was lost, when it was back, seconds between], of each the last ones."""
    pairs = []
    open_pair: list | None = None
    cursor = journal.sector_of(journal.oldest)
    looked = 0
    while True:
        entry = cursor.next()
        if entry is None:
            return pairs
        if entry.kind == record.EVENT:
            kind = entry.payload[0]
            if kind == events.MAINS_LOST:
                open_pair = [struct.unpack_from("<I", entry.payload, _TIME)[0] or None, None, None]
                pairs.append(open_pair)
            elif kind == events.MAINS_BACK:
                values = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)
                lasted_s, lost_s, back_s = [varint.signed(value) for value in values[:3]]
                if open_pair is None:
                    open_pair = [None, None, None]
                    pairs.append(open_pair)
                open_pair[0] = lost_s or open_pair[0]
                open_pair[1] = back_s or None
                open_pair[2] = lasted_s if lasted_s >= 0 else None
                open_pair = None
            del pairs[:-_PAIRS]
        looked += 1
        if looked % _AT_ONCE == 0:
            await asyncio.sleep_ms(0)


def _detail(pairs: list) -> tuple:
    detail = []
    for place, pair in enumerate(reversed(pairs), 1):
        for word, value in zip(("lost", "back", "lasted_s"), pair):
            detail.append(("%s_%d" % (word, place), value))
    return tuple(detail)
