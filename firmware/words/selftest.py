"""Whether all that can be looked at from inside is as it should be."""

import gc

from micropython import const

import once
from books import CHANNELS
from console import telling

once.forget("console.telling")

_WEAK_DBM = const(-80)  # below, ESP32s lose packets
_HEAP_LOW_BYTES = const(4000)  # what is under way between two looks


async def run(visit, arguments: list) -> tuple:
    """A line for each thing that was looked at, with what to do where it is not as it should be;
    the verdict.
    """
    failed = 0
    for what, problem in await _looked_at(visit.site):
        failed += problem is not None
        told = (("check", what), ("ok", problem is None))
        await telling.row(visit, "check", told + ((("do", problem),) if problem else ()))
    return (("failed", failed), ("verdict", "FAIL" if failed else "PASS"))


async def _looked_at(site) -> list:
    found = [
        ("flash", site.books.trouble and "the journal takes no records: change the board"),
        ("clock", None if site.clock.is_trusted() else "no time yet: 'time', ntp.host, network?"),
        ("mains", _mains(site.mains)),
        ("wifi", _wifi(site.wifi)),
        ("broker", None if site.uplink.is_live else "not connected: mqtt.host, user, password?"),
        ("meter", await _meter(site.collector)),
    ]
    for count in site.pulses.counts:
        fault = count.source.fault()
        found.append((CHANNELS[count.place][0], "the wire is cut or shorted" if fault else None))
    gc.collect()
    low = gc.mem_free() < _HEAP_LOW_BYTES
    found.append(("heap", "little is free: do without live data or leaks" if low else None))
    return [(what, problem or None) for what, problem in found]


def _mains(mains) -> str | None:
    return "the sense input says that there is none" if mains and not mains.is_there() else None


def _wifi(wifi) -> str | None:
    if not wifi.is_up():
        return "not joined: 'wifi' shows the networks, 'set' name and password"
    rssi_dbm = wifi.rssi_dbm()
    if rssi_dbm is not None and rssi_dbm < _WEAK_DBM:
        return "weak, %d dBm: move the antenna" % rssi_dbm
    return None


async def _meter(collector) -> str | None:
    if collector.meter is None:
        return "no good profile is configured: 'show meter'"
    return None if await collector.read_meter() else "does not answer: power, A and B, address?"
