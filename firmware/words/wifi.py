"""The networks in the air."""

import once
from console import telling
from drivers import air

once.forget("console.telling")
once.forget("drivers.air")


async def run(visit, arguments: list) -> tuple:
    """A line for each that is heard, the strongest first; it takes two seconds."""
    try:
        found = air.heard()
    except OSError:
        raise ValueError("wifi: it is joining a network just now; try again")
    for ssid, rssi_dbm in found:
        await telling.row(visit, "network", (("ssid", ssid), ("rssi_dbm", rssi_dbm)))
    return (("joined", visit.site.wifi.is_up()),)
