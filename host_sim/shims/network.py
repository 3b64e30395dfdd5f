"""ESP32's `network.WLAN` (station) over the world's access point."""

import link
import ops

STA_IF = 0
PHY_LAN8720 = 1
STAT_IDLE = 1000
STAT_CONNECTING = 1001
STAT_GOT_IP = 1010
STAT_NO_AP_FOUND = 201
STAT_WRONG_PASSWORD = 202


class WLAN:
    IF_STA = 0
    PM_NONE = 0

    def __init__(self, interface_id=STA_IF):
        pass

    def active(self, is_active=None):
        if is_active is None:
            return bool(link.call(ops.WLAN_ACTIVE, 0, -1))
        return bool(link.call(ops.WLAN_ACTIVE, 0, 1 if is_active else 0))

    def connect(self, ssid=None, key=None, *, bssid=None):
        """Start to associate; OSError "Wifi Internal Error" while a connect is under way, as on
        the chip.
        """
        credentials = (ssid or "").encode() + b"\0" + (key or "").encode()
        if link.call(ops.WLAN_CONNECT, 0, 0, 0, credentials) < 0:
            raise OSError("Wifi Internal Error")

    def disconnect(self):
        link.call(ops.WLAN_DISCONNECT)

    def scan(self):
        """What is in the air: (name, address, channel, dBm, security, whether it is hidden)."""
        strength = link.call(ops.WLAN_SCAN)
        if strength < 0:
            raise OSError("Wifi Internal State Error")
        if not len(link.payload):
            return []
        return [(bytes(link.payload), b"\0" * 6, 6, strength - 256, 3, False)]

    def isconnected(self):
        return link.call(ops.WLAN_STATUS) == STAT_GOT_IP

    def status(self, param=None):
        return link.call(ops.WLAN_RSSI) if param == "rssi" else link.call(ops.WLAN_STATUS)

    def config(self, param=None, **settings):
        if param == "mac":
            link.call(ops.WLAN_MAC)
            return bytes(link.payload)
        return None

    def ifconfig(self):
        link.call(ops.WLAN_ADDRESS)
        return tuple(bytes(link.payload).decode().split("\n"))


class LAN:
    def __init__(self, id=0, *, mdc, mdio, power, ref_clk, phy_type, phy_addr, ref_clk_mode):
        pins = bytes([pin._id for pin in (mdc, mdio, power, ref_clk)])
        if phy_type != PHY_LAN8720 or link.call(ops.LAN_OPEN, 0, phy_addr, ref_clk_mode, pins) < 0:
            raise OSError("esp_eth_driver_install() failed")

    def active(self, is_active=None):
        if is_active is None:
            return bool(link.call(ops.LAN_ACTIVE, 0, -1))
        return bool(link.call(ops.LAN_ACTIVE, 0, 1 if is_active else 0))

    def isconnected(self):
        return bool(link.call(ops.LAN_STATUS))

    def ifconfig(self):
        link.call(ops.LAN_ADDRESS)
        return tuple(bytes(link.payload).decode().split("\n"))
