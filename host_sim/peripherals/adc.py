"""The converter that measures the voltage at a pin."""

import errno
from collections.abc import Callable, Mapping

from host_sim.peripherals.request import Answer, Operations, Request
from host_sim.shims import ops
from host_sim.world import World

# By attenuation (0, 2.5, 6, 11 dB): the end of the measurable range of an ESP32-C3 (ESP-IDF
# v4.4, ESP32-C3, "ADC Attenuation").
RANGES_UV = (750_000, 1_050_000, 1_300_000, 2_500_000)

Voltage = Callable[[int], int]  # unix us -> uV


class Adc:
    """What the chip measures of the voltages at its pins; what is beyond the range reads as its
    end.
    """

    def __init__(self, world: World, voltages: Mapping[int, Voltage]) -> None:
        self._world = world
        self._voltages = voltages

    def operations(self) -> Operations:
        """What the firmware may ask."""
        return {ops.ADC_READ: self._read}

    def _read(self, request: Request) -> Answer:
        voltage = self._voltages.get(request.handle)
        if voltage is None:
            return -errno.EINVAL
        return min(voltage(self._world.unix_us), RANGES_UV[request.a])
