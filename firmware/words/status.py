"""What the collector is, and how it is."""

import gc


async def run(visit, arguments: list) -> tuple:
    """Names and figures; the time is None where it is not known."""
    site = visit.site
    clock, journal, uplink = site.clock, site.journal, site.uplink
    collector, firmware, board = visit.about
    is_up = site.wifi.is_up()
    gc.collect()
    return (
        ("collector", collector),
        ("firmware", firmware),
        ("board", board),
        ("boot", journal.boot),
        ("uptime_s", clock.uptime_s()),
        ("time", clock.unix_s() if clock.known.is_set() else None),
        ("time_trusted", clock.is_trusted()),
        ("wifi", is_up),
        ("rssi_dbm", site.wifi.rssi_dbm() if is_up else None),
        ("broker", uplink.is_live),
        ("newest", journal.newest),
        ("acked", uplink.acked),
        ("trouble", site.books.trouble or None),
        ("heap_free", gc.mem_free()),
        ("claimed", bool(visit.secret)),
    )
