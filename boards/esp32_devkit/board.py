"""Generic ESP32 devkit (ESP32-WROOM-32, 4 MiB flash) with an RS-485 adapter and two pulse inputs.

The wiring is in README.md beside this file. Nothing happens at import; make() returns the board.
"""

from machine import Pin

from esp32_board import Esp32Board


class Board(Esp32Board):
    """The pins; all else is every ESP32's."""

    name = "esp32_devkit"
    counters = 8
    rs485_uart = 2
    rs485_pins = (17, 16, 4)
    pulse_pins = {"water": 25, "gas": 26}
    reverse_pins = {"water": 27, "gas": 33}
    mains_pin = 34  # input only, without a pull of its own
    valve_pins = (18, 19)

    def battery_clock(self):
        """The DS3231."""
        from machine import I2C

        from drivers.ds3231 import DS3231

        return DS3231(I2C(0, scl=Pin(22), sda=Pin(21), freq=400000))


def make() -> Board:
    """Build the board; the watchdog runs from here on."""
    return Board()
