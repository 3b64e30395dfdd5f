"""What was tried of an installation, and what of it can only be seen over some time."""

import asyncio

from micropython import const

from books import CHANNELS
from lib import events, frame, record, varint
from lib.leak_watch import COUNT, FIGURES
from lib.legacy import REBOOT

_EVENT_HEAD_BYTES = const(7)
_WHY = const(2)  # its place in reading_held
_ASKED = const(3)  # its place in power_up
_HELD = (
    "",
    "it fell: a reset, or another meter? 'swap'",
    "it jumped: another model, or its rating? 'identify'",
    "another serial number than meter.serial: 'meter' shows it",
)
_BACK = const(400)  # records, in which what was tried must lie
_STARTS_MAX = const(5)  # of them, with a start each; a good supply has fewer
_AT_ONCE = const(40)
_NEWEST = const(-1)
_POLLS = const(10)
_ERRORS_SHARE = const(20)  # one request in so many may fail
_ACK_S = const(60)


async def looked_for(site, found: dict) -> tuple:
    """Put what to do into `found`, by name, or None where it is good: (requests to the meter, of
    these without a good answer).
    """
    tried = await _tried(site.journal)
    starts = len(tried[events.POWER_UP])
    told = "%d starts that nobody asked for: a loose contact?" % starts
    found["supply"] = told if starts > _STARTS_MAX else None
    requests = errors = 0
    if site.collector.meter:
        for why in tried[events.READING_HELD].values():
            found["meter_values"] = "what it shows is not believed: %s" % _HELD[why]
        requests, errors = await _polled(site.collector)
        is_bad = not requests or errors * _ERRORS_SHARE > requests
        told = "%d of %d requests failed: length, termination, polarity?" % (errors, requests)
        found["meter_line"] = told if is_bad else None
    for count in site.pulses.counts:
        name = CHANNELS[count.place][0]
        found[name] = found[name] or _proof(name, tried[events.PULSES_PROVEN].get(count.place))
    if site.pulses.leaks:
        found["leaks"] = _leaks(site.pulses.leaks)
    if site.pulses.valve:
        moved = tried[events.VALVE_MOVED]
        is_tried = 0 in moved and 1 in moved
        found["valve"] = None if is_tried else "move it both ways: 'valve 1', look, 'valve 0'"
    found["head_end"] = await _acknowledged(site, tried[_NEWEST])
    return requests, errors


async def _tried(journal) -> dict:
    """By type of event what its last value is, by the first (starts that nobody asked for by their
    sequence); and the newest record that is told.
    """
    tried: dict = {
        _NEWEST: 0,
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
            tried[_NEWEST] = entry.seq
        if kind == events.READING_TRUSTED:
            channel = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)[0]
            tried[events.READING_HELD].pop(varint.signed(channel), None)
        if kind in tried:
            values = varint.unpack(entry.payload, _EVENT_HEAD_BYTES)
            values = [varint.signed(value) for value in values]
            if kind == events.POWER_UP:
                if values[_ASKED : _ASKED + 1] != [REBOOT]:
                    tried[kind][entry.seq] = True
            else:
                last = values[_WHY] if kind == events.READING_HELD else values[-1]
                tried[kind][values[0]] = last
        if entry.seq % _AT_ONCE == 0:
            await asyncio.sleep_ms(0)
        entry = cursor.next()
    return tried


async def _polled(collector) -> tuple:
    """(requests, those without a good answer) of some more polls."""
    before = dict(collector.meter.figures())
    for _ in range(_POLLS):
        await collector.read_meter()
    now = dict(collector.meter.figures())
    bad = ("modbus_timeouts", "modbus_crc_errors", "modbus_exceptions")
    errors = sum(now[name] - before[name] for name in bad)
    return now["modbus_requests"] - before["modbus_requests"], errors


def _proof(name: str, fits) -> str | None:
    if fits is None:
        return "not proven: 'dial %s' with what it shows, let something flow, again" % name
    return None if fits else "dial and pulses differ: %s.pulse_num, pulse_den?" % name


def _leaks(leaks) -> str | None:
    for watch in leaks.watches:
        if watch[FIGURES] and watch[FIGURES][0]:
            name = CHANNELS[watch[COUNT].place][0]
            return "%s flows without end, it seems: shut it, then 'leak %s'" % (name, name)
    return None if leaks.watches else "nobody looks for them: no room in the heap"


async def _acknowledged(site, newest: int) -> str | None:
    """Whether the head-end has all up to there."""
    for _ in range(_ACK_S):
        if site.uplink.acked >= newest:
            return None
        if not site.uplink.is_live:
            break
        await asyncio.sleep_ms(1000)
    waiting = newest - site.uplink.acked
    return "it has not acknowledged %d records: wait, or is it down?" % waiting
