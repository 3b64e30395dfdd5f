"""A motor valve in the water main: two outputs, one for each way, driven for as long as it
travels. Without them, and without power, it stays where it is.
"""

import asyncio


class Valve:
    """Relays at two pins, high while the motor runs."""

    def __init__(self, open_pin, close_pin, travel_s: int):
        self._pins = open_pin, close_pin
        self._travel_ms = travel_s * 1000

    async def move(self, closed: int) -> None:
        """Travel to where `closed` (0 or 1) says, whole way, wherever it stands."""
        pin = self._pins[closed]
        pin.value(1)
        try:
            await asyncio.sleep_ms(self._travel_ms)
        finally:
            pin.value(0)
