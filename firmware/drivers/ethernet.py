"""The wired network: joined when the cable is in and an address has come. No policy, no MQTT."""

import asyncio

from micropython import const

_POLL_MS = const(1000)
_ROOM_BYTES = const(256)  # as drivers/wifi.py


class Ethernet:
    """The chip's Ethernet and its transceiver, a network.LAN. room: as of drivers.wifi.WiFi."""

    def __init__(self, lan):
        self.room = memoryview(bytearray(_ROOM_BYTES))
        self._lan = lan

    def is_up(self) -> bool:
        """Joined, with an address."""
        return self._lan.isconnected()

    def rssi_dbm(self) -> None:
        """A wire has no such thing."""
        return

    def name_server(self) -> str:
        """Its address, as the network has told."""
        return self._lan.ifconfig()[3]

    async def join(self, timeout_ms: int) -> bool:
        """Switch it on, or find it joined; false when that took longer than `timeout_ms`."""
        if not self._lan.active():
            self._lan.active(True)
        for _ in range(timeout_ms // _POLL_MS):
            if self.is_up():
                return True
            await asyncio.sleep_ms(_POLL_MS)
        return self.is_up()

    def restart(self) -> None:
        """Switch it off; the next join() starts from nothing."""
        self._lan.active(False)
