"""The watchdog: resets the chip when the firmware stops proving that it lives."""

from machine import WDT, reset
from micropython import const

# Above every call that blocks the interpreter: DNS (lwIP: 7 s for each of up to three servers, and
# 5 s more for a name in .local), a TLS handshake (1.3 s), an erase (400 ms).
TIMEOUT_MS = const(180000)


class Watchdog:
    """Once started it cannot be stopped, and it survives a soft reset (platform: IDF task
    watchdog).
    """

    def __init__(self):
        self._wdt = WDT(timeout=TIMEOUT_MS)

    def feed(self) -> None:
        """Prove life; the next proof is due within TIMEOUT_MS."""
        self._wdt.feed()

    def reset(self) -> None:
        """Restart the chip at once."""
        reset()
