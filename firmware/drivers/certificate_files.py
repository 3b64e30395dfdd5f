"""The certificates on this board. Read once, at start: see once.py."""

import os

import tls
from micropython import const

# PEM or DER: mbedTLS finds out
_CA = "site/ca.crt"
_OWN = "site/collector.crt"
_KEY = "site/collector.key"
_FILE_BYTES = const(6144)  # two CAs of RSA 4096 in PEM: the one that goes and the one that comes


class CertificateError(Exception):
    """A file is missing or wrong; the text says which, and what to do."""


def context():
    """An SSLContext with all that is here; CertificateError where one is missing or wrong."""
    try:
        # a client's mode is CERT_REQUIRED (extmod/modtls_mbedtls.c), and nothing here changes it
        found = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        ca, own, key = _read(_CA), _read(_OWN), _read(_KEY)
    except OSError as error:
        raise CertificateError(str(error)) from None
    if ca is None:
        raise CertificateError("no %s: put the certificate there that signs the broker's" % _CA)
    try:
        found.load_verify_locations(ca)
    except (ValueError, OSError):
        raise CertificateError("%s is no certificate, in PEM or DER" % _CA) from None
    if own or key:
        if not (own and key):
            raise CertificateError("of %s and %s one is missing" % (_OWN, _KEY))
        try:
            found.load_cert_chain(own, key)
        except (ValueError, OSError):
            raise CertificateError("%s or %s is wrong, in PEM or DER" % (_OWN, _KEY)) from None
    return found


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
