"""ESP32-C3 devkit (ESP32-C3-DevKitM-1, 4 MiB flash) with an RS-485 adapter and two supervised
pulse inputs, counted by interrupt: this chip has no hardware counter.

The wiring is in README.md beside this file. Nothing happens at import; make() returns the board.
"""

from machine import ADC, Pin

from drivers.loop import Loop
from esp32_board import Esp32Board

_LOOP_PINS = {"water": 0, "gas": 1}
# 8.2 V behind 1 kohm in all: a short is 8 mA, here 2.2 V. The ADC ends at 2.5 V: over 470 ohm it
# would be at its end before the current is a short's.
_SHUNT_OHM = 270


class Board(Esp32Board):
    """The pins and the loops; all else is every ESP32's."""

    name = "esp32_c3_devkit"
    rs485_uart = 1
    rs485_pins = (6, 5, 4)
    pulse_pins = {"water": 7, "gas": 10}
    reverse_pins = {"water": 18, "gas": 19}
    mains_pin = 3

    def loop(self, channel: str) -> Loop:
        """The current through the wire of `channel`."""
        return Loop(ADC(Pin(_LOOP_PINS[channel]), atten=ADC.ATTN_11DB), _SHUNT_OHM)


def make() -> Board:
    """Build the board; the watchdog runs from here on."""
    return Board()
