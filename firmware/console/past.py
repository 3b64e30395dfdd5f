"""What was tried of an installation, by the journal."""

import asyncio

from micropython import const

from lib import events, frame, record, varint
from lib.legacy import REBOOT

NEWEST = -1
_EVENT_HEAD_BYTES = const(7)
_WHY = const(2)  # its place in reading_held
_ASKED = const(3)  # its place in power_up
_BACK = const(400)  # records, in which what was tried must lie
_AT_ONCE = const(40)


async def tried(journal) -> dict:
    """By type of event what its last value is, by the first (starts that nobody asked for by their
    sequence); and the newest record that is told.
    """
    found: dict = {
        NEWEST: 0,
        events.POWER_UP: {},
        events.PULSES_PROVEN: {},
        events.VALVE_MOVED: {},
        events.READING_HELD: {},
    }
    cursor = journal.cursor(max(0, journal.newest - _BACK))
    entry = cursor.next()
    while entry:
        kind = entry.payload[0] if entry.kind == record.EVENT else 0
        if kind or frame.is_frame(entry.kind):
            found[NEWEST] = entry.seq
        if kind == events.READING_TRUSTED:
            channel = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)[0]
            found[events.READING_HELD].pop(varint.signed(channel), None)
        if kind in found:
            values = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)
            values = [varint.signed(value) for value in values]
            if kind == events.POWER_UP:
                if values[_ASKED : _ASKED + 1] != [REBOOT]:
                    found[kind][entry.seq] = True
            else:
                last = values[_WHY] if kind == events.READING_HELD else values[-1]
                found[kind][values[0]] = last
        if entry.seq % _AT_ONCE == 0:
            await asyncio.sleep_ms(0)
        entry = cursor.next()
    return found
