"""Mains sense: a pin that falls when mains fails, while the collector's capacitor lasts."""

import asyncio


class Mains:
    """An optocoupler or supervisor at a pin: high while there is mains."""

    def __init__(self, pin):
        self._pin = pin
        self._changed = asyncio.ThreadSafeFlag()
        pin.irq(self._on_edge)

    def is_there(self) -> bool:
        """Whether there is mains now."""
        return bool(self._pin.value())

    async def change(self) -> None:
        """Wait until mains comes or goes."""
        await self._changed.wait()

    def _on_edge(self, _pin) -> None:
        self._changed.set()
