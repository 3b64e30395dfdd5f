"""The station interface behind `network.WLAN`."""

from host_sim.models.access_point import AccessPoint, Station
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops

ADDRESS = ("192.0.2.7", "255.255.255.0", "192.0.2.1", "192.0.2.1")  # TEST-NET-1, RFC 5737


class Wlan:
    """Answers for one station."""

    def __init__(self, access_point: AccessPoint, mac: bytes) -> None:
        self._access_point = access_point
        self._mac = mac
        self.station = Station(access_point)

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {
            ops.WLAN_ACTIVE: self._active,
            ops.WLAN_CONNECT: self._connect,
            ops.WLAN_DISCONNECT: self._disconnect,
            ops.WLAN_STATUS: lambda _: self.station.status,
            ops.WLAN_RSSI: lambda _: self._access_point.rssi_dbm,
            ops.WLAN_MAC: lambda _: (0, self._mac),
            ops.WLAN_ADDRESS: lambda _: (0, "\n".join(ADDRESS).encode()),
        }

    def air_up(self) -> bool:
        """Does the access point answer at this moment? (The station learns it seconds later.)"""
        return self._access_point.up

    def _active(self, request: Request) -> Answer:
        if request.a >= 0:
            self.station.active = bool(request.a)
            if not request.a:
                self.station.disconnect()
        return int(self.station.active)

    def _connect(self, request: Request) -> Answer:
        ssid, _, key = request.data.partition(b"\0")
        return 0 if self.station.connect(ssid.decode(), key.decode()) else -1

    def _disconnect(self, request: Request) -> Answer:
        self.station.disconnect()
        return 0
