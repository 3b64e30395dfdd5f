"""ESP32's `tls` over the world's sockets: on MicroPython the real mbedTLS of its unix port, on
CPython OpenSSL with the same manners.

Whether a certificate is good today is asked of the chip's own clock, which is in the year 2000
until somebody sets it; that the machine's clock is asked besides cannot be helped.

start.py puts this in place of MicroPython's built-in module, on a board that has site files.
"""

import sys
import time

if sys.implementation.name == "cpython":
    from tls_openssl import Context, version
else:
    from tls_mbedtls import Context, version

PROTOCOL_TLS_CLIENT = 0
CERT_NONE = 0
CERT_OPTIONAL = 1
CERT_REQUIRED = 2
MBEDTLS_VERSION = version

_TIME_KINDS = (b"\x17\x0d", b"\x18\x0f")  # UTCTime and GeneralizedTime, each of its only length


class SSLContext:
    def __init__(self, protocol):
        if protocol != PROTOCOL_TLS_CLIENT:
            raise NotImplementedError("the collector is a client")
        self._context = Context(_is_early)
        self.verify_mode = CERT_REQUIRED

    def load_verify_locations(self, cadata):
        self._context.trust(cadata)

    def load_cert_chain(self, cert, key):
        self._context.own(cert, key)

    def wrap_socket(self, sock, *, do_handshake_on_connect=True, server_hostname=None):
        if do_handshake_on_connect or self.verify_mode != CERT_REQUIRED:
            raise NotImplementedError("the collector does not block, and verifies")
        if server_hostname is None:
            raise ValueError("CERT_REQUIRED requires server_hostname")
        return self._context.layer(sock, server_hostname)


def _is_early(certificate):
    """Whether it is good only later than the chip believes it is; certificate: in DER."""
    now = "%04d%02d%02d%02d%02d%02d" % time.gmtime()[:6]
    for place in range(len(certificate) - 17):
        kind = certificate[place : place + 2]
        if kind in _TIME_KINDS:
            end = place + 2 + kind[1]
            if certificate[end : end + 2] in _TIME_KINDS:  # a validity: two times in a row
                begins = certificate[place + 2 : end - 1].decode()
                return ("20" + begins if len(begins) == 12 else begins) > now
    raise ValueError("no validity in the certificate")
