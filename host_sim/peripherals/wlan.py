"""The station interface behind `network.WLAN`."""

from host_sim.models.access_point import CONNECTING, AccessPoint, Station
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops

ADDRESS = ("192.0.2.7", "255.255.255.0", "192.0.2.1", "192.0.2.1")  # TEST-NET-1, RFC 5737
SCAN_US = 13 * 120_000  # as esp_wifi_scan_start does by default


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
            ops.WLAN_SCAN: self._scan,
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

    def _scan(self, request: Request) -> Answer:
        """All channels; nobody else runs meanwhile. Not while the station connects
        (ESP_ERR_WIFI_STATE), nor before the radio is on.
        """
        if not self.station.active or self.station.status == CONNECTING:
            return -1
        world = self._access_point.world
        world.run_until(world.now_us + SCAN_US)
        if not self._access_point.up:
            return 0
        return self._access_point.rssi_dbm & 0xFF, self._access_point.ssid.encode()

    def _disconnect(self, request: Request) -> Answer:
        self.station.disconnect()
        return 0
