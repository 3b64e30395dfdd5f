"""The Wi-Fi station: joins one network and says whether it is joined. No policy, no MQTT."""

import asyncio

import network
from micropython import const

_POLL_MS = const(1000)
_ROOM_BYTES = const(256)  # the first of the addresses of a name is far in front


class WiFi:
    """One network name. The driver below reconnects for ever by itself once it has been asked to
    connect.

    room: memory for an answer (drivers/datagrams.py), in one piece from the start on: later there
    may be none.
    """

    def __init__(self, ssid: str, password: str):
        self._ssid = ssid
        self._password = password
        self.room = memoryview(bytearray(_ROOM_BYTES))
        self._wlan = network.WLAN(network.STA_IF)

    def is_up(self) -> bool:
        """Joined, with an address."""
        return self._wlan.isconnected()

    def rssi_dbm(self) -> int:
        """Signal strength as the station hears it."""
        return self._wlan.status("rssi")

    def name_server(self) -> str:
        """Its address, as the network has told."""
        return self._wlan.ifconfig()[3]

    async def join(self, timeout_ms: int) -> bool:
        """Join the network, or find it joined; false when that took longer than `timeout_ms`.

        Calling connect() while connecting raises "Wifi Internal Error" (micropython#17661), so a
        try that failed is ended by restart(), never by a second connect().
        """
        if self.is_up():
            return True
        if not self._wlan.active():
            self._wlan.active(True)
            self._wlan.connect(self._ssid, self._password)
        for _ in range(timeout_ms // _POLL_MS):
            if self.is_up():
                return True
            await asyncio.sleep_ms(_POLL_MS)
        return self.is_up()

    def restart(self) -> None:
        """Switch the radio off; the next join() starts from nothing."""
        self._wlan.disconnect()
        self._wlan.active(False)
