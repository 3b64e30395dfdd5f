"""Mains sense by a voltage: what a divider takes from the supply before its regulator falls when
mains fails, while the collector's capacitor lasts.
"""

import asyncio

from micropython import const

_LOOK_MS = const(10)  # of the 20 in which an erasure must not begin any more
_BACK_PART = const(8)  # so much of the limit above it mains is back


class MainsVoltage:
    """An ADC at the divider: below `lost_mv` mains is lost, an eighth above it is there again."""

    def __init__(self, adc, lost_mv: int):
        self._adc = adc
        self._lost_uv = lost_mv * 1000
        self._back_uv = self._lost_uv + self._lost_uv // _BACK_PART
        self._is_there = True
        self.is_there()

    def is_there(self) -> bool:
        """Whether there is mains now; between the two limits, what it was."""
        uv = self._adc.read_uv()
        if uv < self._lost_uv:
            self._is_there = False
        elif uv >= self._back_uv:
            self._is_there = True
        return self._is_there

    async def change(self) -> None:
        """Wait until mains comes or goes."""
        before = self._is_there
        while self.is_there() == before:
            await asyncio.sleep_ms(_LOOK_MS)
