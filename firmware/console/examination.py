"""What can be looked at from inside: each thing, with what to do where it is not good."""

import gc

import once
from books import CHANNELS

_WEAK_DBM = -80  # below, ESP32s lose packets
_HEAP_LOW_BYTES = 2000  # beside this: what is under way between two looks


def quick(site, answered: bool) -> list:
    """(name, what to do or None) of what takes no more than a reading of the meter; answered:
    whether it was read just now.
    """
    found = [
        ("flash", site.books.trouble and "the journal takes no records: change the board"),
        ("clock", None if site.clock.is_trusted() else "no time yet: 'time', ntp.host, network?"),
    ]
    if site.mains:
        found.append(("mains", None if site.mains.is_there() else "sensed as lost: is it wired?"))
    found.append(("network", _network(site.wifi)))
    found += _way(site.uplink)
    if site.collector.meter:
        found += _meter(site.collector.meter, answered)
    for count in site.pulses.counts:
        fault = count.source.fault()
        found.append((CHANNELS[count.place][0], "its wire is cut or shorted" if fault else None))
    wrong = "%d settings are refused: a start prints them, 'reboot'" % site.problems
    found.append(("config", wrong if site.problems else None))
    gc.collect()
    low = gc.mem_free() < _HEAP_LOW_BYTES
    found.append(("heap", "little is free: do without live data or leaks" if low else None))
    return [(name, problem or None) for name, problem in found]


def _network(wifi) -> str | None:
    if not wifi.is_up():
        return "not joined: 'wifi' shows the networks, 'set' name and password"
    rssi_dbm = wifi.rssi_dbm()
    if rssi_dbm is not None and rssi_dbm < _WEAK_DBM:
        return "weak, %d dBm: move the antenna" % rssi_dbm
    return None


def _way(uplink) -> list:
    """How far it leads towards the broker, by how the last attempt ended."""
    why = "" if uplink.is_live else uplink.trouble or "not connected yet"
    is_unnamed = why.startswith("no address")
    found = [("names", why + ": mqtt.host, or the network's name server?" if is_unnamed else None)]
    if uplink.session.ssl is not None:
        is_secret = "certificate" in why or "TLS" in why or "mqtt.tls" in why
        found.append(("tls", why if is_secret else None))
        why = "" if is_secret else why
    found.append(("broker", why + ": mqtt.host, port, user, password?" if why else None))
    return found


def _meter(meter, answered: bool) -> list:
    if not answered:
        told = "address %d does not answer: power, A and B, 'scan'?" % meter.address
        return [("meter", told)]
    from lib import plausible

    once.forget("lib.plausible")
    profile = meter.profile
    wrong = plausible.problem(profile.names, meter.values, profile.rating_w)
    return [("meter", None), ("meter_values", wrong and wrong + ": another model? 'identify'")]
