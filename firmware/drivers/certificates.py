"""TLS towards the broker by the certificates on this board: the broker's must be signed by the CA
that was put here, be good today, and be made out to the name in `mqtt.host`. There is no way round
that.

Loaded only with `mqtt.tls`. mbedTLS has its memory outside of MicroPython's heap; SECURITY.md says
how much. What a connection needs for a moment is let go of again: a stock image has no room for it
all the time.
"""

import asyncio
import errno

from machine import RTC
from micropython import const

import once

_TIME_MS = const(20000)


class Certificates:
    """What umqtt has in `ssl`. context: of drivers/certificate_files.py."""

    def __init__(self, clock, pulses, context):
        self._clock = clock
        self._pulses = pulses
        self._context = context

    async def ready(self) -> None:
        """Wait until the broker's certificate can be checked; OSError when that takes too long."""
        try:
            await asyncio.wait_for_ms(self._clock.known.wait(), _TIME_MS)
        except asyncio.TimeoutError:
            raise OSError("mqtt.tls waits for the time: no certificate is good without") from None

    def wrap(self, sock, host: str):
        """`sock` in TLS, which shakes hands when it is first written to: before that is done, none
        of what is written leaves. ready() comes first. OSError where there is no memory for it.
        """
        try:
            self._tell_chip()
        except MemoryError:
            once.sweep()
            raise OSError(errno.ENOMEM) from None
        # It computes for a second in one piece (SECURITY.md): nobody would see mains go.
        self._pulses.save()
        return self._context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)

    def told(self, error: Exception) -> str:
        """Why there is no connection, of what TLS or the socket below it has raised."""
        from lib import tls_trouble

        once.forget("lib.tls_trouble")
        return tls_trouble.told(error)

    def _tell_chip(self) -> None:
        """The chip's own clock is what mbedTLS holds dates against (ports/esp32/mbedtls), and it
        begins in 2000. The next life reads from it how long a reset took: clock.stamp().
        """
        from lib import dates

        once.forget("lib.dates")
        year, month, day, hour, minute, second = dates.utc(self._clock.unix_s())
        RTC().datetime((year, month, day, 0, hour, minute, second, 0))
        self._clock.stamp()
