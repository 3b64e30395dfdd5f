"""Olimex ESP32-POE-ISO: an ESP32 (4 MiB flash) with wired Ethernet, power over it, and a battery.

The wiring is in README.md beside this file. Nothing happens at import; make() returns the board.
"""

from machine import Pin

from esp32_board import Esp32Board

_MDC_PIN = 23
_MDIO_PIN = 18
_PHY_POWER_PIN = 12
_CLOCK_PIN = 17  # the chip makes the clock of 50 MHz


class Board(Esp32Board):
    """The pins; all else is every ESP32's."""

    name = "olimex_esp32_poe_iso"
    counters = 8
    rs485_uart = 2
    rs485_pins = (4, 36, None)
    pulse_pins = {"water": 32, "gas": 33}
    reverse_pins = {"water": 14}
    mains_pin = 39  # input only, over the board's divider

    def network(self, ssid: str, password: str):
        """The Ethernet socket; there is no name to join."""
        import network

        from drivers.ethernet import Ethernet

        lan = getattr(network, "LAN")(  # noqa: B009  (the stubs know another one)
            mdc=Pin(_MDC_PIN),
            mdio=Pin(_MDIO_PIN),
            power=Pin(_PHY_POWER_PIN),
            ref_clk=Pin(_CLOCK_PIN),
            ref_clk_mode=Pin.OUT,
            phy_type=network.PHY_LAN8720,
            phy_addr=0,
        )
        return Ethernet(lan)

    def battery_clock(self):
        """The DS3231."""
        from machine import I2C

        from drivers.ds3231 import DS3231

        return DS3231(I2C(0, scl=Pin(16), sda=Pin(13), freq=400000))


def make() -> Board:
    """Build the board; the watchdog runs from here on."""
    return Board()
