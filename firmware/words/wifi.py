"""The networks in the air."""

import once
from drivers import air

once.forget("drivers.air")


async def run(visit, arguments: list) -> tuple:
    """A line for each that is heard, the strongest first; it takes two seconds."""
    try:
        found = air.heard()
    except OSError:
        raise ValueError("wifi: it is joining a network just now; try again")
    for ssid, rssi_dbm in found:
        await visit.row("network", (("ssid", ssid), ("rssi_dbm", rssi_dbm)))
    return (("joined", visit.site.wifi.is_up()),)
