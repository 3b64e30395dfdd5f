"""Pins that a chip cannot give away, from Espressif's data sheets of chip and module: their tables
of pins, of strapping pins and of ADC channels.
"""

from typing import NamedTuple


class ChipPins(NamedTuple):
    """Pin numbers of one chip on a module without PSRAM."""

    highest: int
    strapping: frozenset[int]
    flash: frozenset[int]
    console: frozenset[int]
    input_only: frozenset[int]
    adc1: frozenset[int]  # ADC2 is Wi-Fi's

    def refusal(self, pin: int, is_output: bool) -> str | None:
        """Why a board cannot use the pin; None when it can."""
        if pin > self.highest:
            return "the chip has no such pin"
        for told in ("strapping", "flash", "console"):
            if pin in getattr(self, told):
                return told
        return "input only" if is_output and pin in self.input_only else None


CHIPS = {
    # ESP32 series, and ESP32-WROOM-32E: 6 to 11 are the flash's
    "esp32": ChipPins(
        highest=39,
        strapping=frozenset((0, 2, 5, 12, 15)),
        flash=frozenset(range(6, 12)),
        console=frozenset((1, 3)),
        input_only=frozenset(range(34, 40)),
        adc1=frozenset(range(32, 40)),
    ),
    # ESP32-C3 series
    "esp32c3": ChipPins(
        highest=21,
        strapping=frozenset((2, 8, 9)),
        flash=frozenset(range(11, 18)),
        console=frozenset((20, 21)),
        input_only=frozenset(),
        adc1=frozenset(range(5)),
    ),
}
