"""The certificates on this board, and TLS towards the broker by them: the broker's must be signed
by the CA that was put here, be good today, and be made out to the name in `mqtt.host`. There is no
way round that.

Loaded only with `mqtt.tls`. mbedTLS has its memory outside of MicroPython's heap; SECURITY.md says
how much.
"""

import asyncio
import errno
import os

import tls
from machine import RTC
from micropython import const

from lib import zone

# PEM or DER: mbedTLS finds out
_CA = "site/ca.crt"
_OWN = "site/collector.crt"
_KEY = "site/collector.key"
_FILE_BYTES = const(6144)  # two CAs of RSA 4096 in PEM: the one that goes and the one that comes
_TIME_MS = const(20000)
_EPIPE = const(32)


class CertificateError(Exception):
    """A file is missing or wrong; the text says which, and what to do."""


class Certificates:
    """What umqtt has in `ssl`."""

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
        of what is written leaves. ready() comes first.
        """
        self._tell_chip()
        # It computes for a second in one piece (SECURITY.md): nobody would see mains go.
        self._pulses.save()
        return self._context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)

    def told(self, error: Exception) -> str:
        """Why there is no connection, of what TLS or the socket below it has raised."""
        if isinstance(error, ValueError):  # mbedTLS's own sentences, one for each reason
            return "its certificate is refused: " + "; ".join(str(error).strip().split("\n"))
        if error.args[0] == errno.ENOMEM:
            return "no memory for TLS"
        number = error.args[0]
        if isinstance(number, int) and (number < 0 or number in (_EPIPE, errno.ECONNRESET)):
            return "it ends TLS; does it want a certificate of this collector? %s" % error
        return str(error)

    def _tell_chip(self) -> None:
        """The chip's own clock is what mbedTLS holds dates against (ports/esp32/mbedtls), and it
        begins in 2000. The next life reads from it how long a reset took: clock.stamp().
        """
        unix_s = self._clock.unix_s()
        second = unix_s % 86400
        year, month, day = zone.civil(unix_s // 86400)
        RTC().datetime((year, month, day, 0, second // 3600, second // 60 % 60, second % 60, 0))
        self._clock.stamp()


def load(clock, pulses):
    """The Certificates on this board; a text when there are none, or wrong ones: which, and what
    to do. pulses: what save() is called of before each handshake.
    """
    try:
        return Certificates(clock, pulses, _loaded())
    except CertificateError as error:
        return "mqtt.tls: %s" % error


def _loaded():
    """The context with all that is here."""
    try:
        # a client's mode is CERT_REQUIRED (extmod/modtls_mbedtls.c), and nothing here changes it
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        ca, own, key = _read(_CA), _read(_OWN), _read(_KEY)
    except OSError as error:
        raise CertificateError(str(error)) from None
    if ca is None:
        raise CertificateError("no %s: put the certificate there that signs the broker's" % _CA)
    try:
        context.load_verify_locations(ca)
    except (ValueError, OSError):
        raise CertificateError("%s is no certificate, in PEM or DER" % _CA) from None
    if own or key:
        if not (own and key):
            raise CertificateError("of %s and %s one is missing" % (_OWN, _KEY))
        try:
            context.load_cert_chain(own, key)
        except (ValueError, OSError):
            raise CertificateError("%s or %s is wrong, in PEM or DER" % (_OWN, _KEY)) from None
    return context


def _read(path: str) -> bytes | None:
    """The file; None where there is none."""
    try:
        size = os.stat(path)[6]
        if size > _FILE_BYTES:
            raise CertificateError("%s has more than %d bytes" % (path, _FILE_BYTES))
        with open(path, "rb") as file:
            return file.read(size)  # no more: the buffer is made of what is asked for
    except OSError:
        return None
