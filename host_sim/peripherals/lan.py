"""The Ethernet interface behind `network.LAN`: a cable to a switch that can be away."""

from host_sim.models.access_point import GOT_IP, AccessPoint, Station
from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.peripherals.wlan import ADDRESS
from host_sim.shims import ops

MDC, MDIO, POWER, CLOCK = 23, 18, 12, 17  # of the Olimex board, from its circuit


class Lan:
    """The scenario's access point stands for the switch. It takes as long to be there: negotiation
    and DHCP instead of scan and handshake.
    """

    def __init__(self, switch: AccessPoint) -> None:
        self._switch = switch
        self.station = Station(switch)

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {
            ops.LAN_OPEN: self._open,
            ops.LAN_ACTIVE: self._active,
            ops.LAN_STATUS: lambda _: int(self.station.status == GOT_IP),
            ops.LAN_ADDRESS: lambda _: (0, "\n".join(ADDRESS).encode()),
        }

    def air_up(self) -> bool:
        """Does the switch answer at this moment?"""
        return self._switch.up

    def _open(self, request: Request) -> Answer:
        """The transceiver answers only at its own pins."""
        return 0 if tuple(request.data) == (MDC, MDIO, POWER, CLOCK) else -1

    def _active(self, request: Request) -> Answer:
        if request.a < 0:
            return int(self.station.active)
        self.station.active = bool(request.a)
        if request.a:
            self.station.connect(self._switch.ssid, self._switch.key)
        else:
            self.station.disconnect()
        return int(self.station.active)
