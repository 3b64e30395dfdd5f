"""LILYGO T-CAN485: an ESP32 (4 MiB flash) with an RS-485 transceiver on the board, and eight free
pins on a header.

The wiring is in README.md beside this file. Nothing happens at import; make() returns the board.
"""

from machine import Pin

from esp32_board import Esp32Board

# The transceiver, MAX13487E, turns the line around by itself while /RE is high.
_BOOST_PIN = 16  # its 5 V
_NO_ECHO_PIN = 17  # its /RE
_AWAKE_PIN = 19  # its /SHDN


class Board(Esp32Board):
    """The pins; all else is every ESP32's."""

    name = "lilygo_t_can485"
    counters = 8
    rs485_uart = 2
    rs485_pins = (22, 21, None)
    pulse_pins = {"water": 32, "gas": 33}
    reverse_pins = {"water": 25, "gas": 18}
    mains_pin = 34  # input only, without a pull of its own

    def modbus(self, *line):
        """See Esp32Board; the transceiver is switched on first."""
        for pin in (_BOOST_PIN, _NO_ECHO_PIN, _AWAKE_PIN):
            Pin(pin, Pin.OUT, value=1)
        return super().modbus(*line)


def make() -> Board:
    """Build the board; the watchdog runs from here on."""
    return Board()
