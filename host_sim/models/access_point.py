"""A Wi-Fi access point that can go away, and a station that behaves as ESP32's driver does."""

from collections.abc import Callable

from host_sim.world import World

# network.STAT_*
IDLE, CONNECTING, GOT_IP, NO_AP_FOUND, WRONG_PASSWORD = 1000, 1001, 1010, 201, 202
ASSOCIATE_US = 2_400_000  # scan, four-way handshake and DHCP, as seen on a quiet channel
# the driver reports a lost access point after six seconds without a beacon
BEACON_LOSS_US = 6_000_000
RETRY_US = 2_000_000


class AccessPoint:
    """One network name with its key; `up` may change while the world runs."""

    def __init__(self, world: World, ssid: str, key: str, rssi_dbm: int = -61) -> None:
        self.world = world
        self.ssid = ssid
        self.key = key
        self.rssi_dbm = rssi_dbm
        self.up = True
        self.on_change: list[Callable[[], None]] = []

    def set_up(self, up: bool) -> None:
        """Switch the access point (its router, its uplink) on or off."""
        self.up = up
        for changed in list(self.on_change):
            changed()


class Station:
    """The chip's side: asked once to connect, it tries for ever, as the port does by default."""

    def __init__(self, access_point: AccessPoint) -> None:
        self._access_point = access_point
        self._world = access_point.world
        self._attempt = 0
        self.active = False
        self.status = IDLE
        self._credentials: tuple[str, str] | None = None
        access_point.on_change.append(self._air_changed)

    def reset(self) -> None:
        """Credentials live in RAM (WIFI_STORAGE_RAM): a reset forgets them."""
        self.active = False
        self.disconnect()

    def connect(self, ssid: str, key: str) -> bool:
        """Begin to associate; false where the driver would raise "Wifi Internal Error"."""
        if not self.active or self.status == CONNECTING:
            return False
        self._credentials = (ssid, key)
        self._try()
        return True

    def disconnect(self) -> None:
        """Leave the network and stop trying."""
        self._credentials = None
        self._attempt += 1
        self.status = IDLE

    def _try(self) -> None:
        self.status = CONNECTING
        self._attempt += 1
        attempt = self._attempt
        self._world.after(ASSOCIATE_US, lambda: self._associated(attempt))

    def _associated(self, attempt: int) -> None:
        if attempt != self._attempt or self._credentials is None:
            return
        ssid, key = self._credentials
        if not self._access_point.up or ssid != self._access_point.ssid:
            self._fail(NO_AP_FOUND)
        elif key != self._access_point.key:
            self._fail(WRONG_PASSWORD)
        else:
            self.status = GOT_IP

    def _fail(self, status: int) -> None:
        self.status = status
        attempt = self._attempt
        self._world.after(RETRY_US, lambda: self._try() if attempt == self._attempt else None)

    def _air_changed(self) -> None:
        if self._access_point.up or self.status != GOT_IP:
            return
        attempt = self._attempt
        self._world.after(BEACON_LOSS_US, lambda: self._beacon_lost(attempt))

    def _beacon_lost(self, attempt: int) -> None:
        if attempt == self._attempt and not self._access_point.up:
            self._try()
