"""TLS for CPython, with the manners of MicroPython's `tls`: OpenSSL in memory over a socket of the
world. What mbedTLS says, and when it waits for what, is said here as there (modtls_mbedtls.c).
"""

import os
import ssl  # loaded by start.py before `socket` became the world's

import ops

version = ssl.OPENSSL_VERSION

_POLLIN = 1
_POLLOUT = 4
_POLLNVAL = 32
_FATAL_ALERT = -0x7780
_FUTURE = "The certificate validity starts in the future\n"
_REASONS = {  # X509_V_ERR_*
    9: _FUTURE,
    10: "The certificate validity has expired\n",
    62: "The certificate Common Name (CN) does not match with the expected CN\n",
    64: "The certificate Common Name (CN) does not match with the expected CN\n",
}
_UNSIGNED = "The certificate is not correctly signed by the trusted CA\n"


class Context:
    """One client's trust and identity; is_early(certificate in DER): not good yet."""

    def __init__(self, is_early):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.maximum_version = ssl.TLSVersion.TLSv1_2  # as ESP-IDF has it
        self.is_early = is_early

    def trust(self, data):
        try:
            self._context.load_verify_locations(
                cadata=data.decode() if b"-----BEGIN " in data else data
            )
        except (ssl.SSLError, ValueError):
            raise ValueError("invalid cert")

    def own(self, certificate, key):
        pair = _pem("CERTIFICATE", certificate) + _pem("PRIVATE KEY", key)
        file = os.memfd_create("own")
        try:
            os.write(file, pair)
            self._context.load_cert_chain("/proc/self/fd/%d" % file)
        except ssl.SSLError:
            raise ValueError("invalid key")
        finally:
            os.close(file)

    def layer(self, sock, host):
        return Layer(self, self._context, sock, host)


class Layer:
    """What the firmware takes for its socket."""

    def __init__(self, owner, context, sock, host):
        self._handle = sock._handle
        self._owner = owner
        self._sock = sock
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._object = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._unsent = b""
        self._needs = 0  # of the socket, to go on with what was asked last
        self._failed = False
        self._shaken = False

    def readinto(self, buf):
        return self._drive(_POLLIN, lambda: self._object.read(len(buf), buf))

    def read(self, size):
        return self._drive(_POLLIN, lambda: self._object.read(size))

    def write(self, buf):
        return self._drive(_POLLOUT, lambda: self._object.write(buf))

    def close(self):
        self._handle = 0
        self._sock.close()

    def poll_through(self, wanted, there):
        """What of `wanted` is ready when the socket below is ready for `there`; and what of the
        socket is waited for, for that.
        """
        if self._failed:
            return _POLLNVAL, 0
        asks = self._needs or wanted
        events = there & ~(_POLLIN | _POLLOUT) | there & asks
        if asks & _POLLIN and (self._object.pending() or self._in.pending):
            events |= _POLLIN
        if events & self._needs:
            events |= wanted
        return events, asks

    def _drive(self, direction, operation):
        """Do it as far as the socket lets it be done now; None when that is not all the way."""
        self._needs = 0
        try:
            while True:
                try:
                    self._shake()
                    result = operation()
                except ssl.SSLWantReadError:
                    self._flush()
                    if self._unsent:
                        return self._waits(_POLLOUT, direction)
                    if not self._fill():
                        return self._waits(_POLLIN, direction)
                    continue
                self._flush()
                return result
        except ssl.SSLZeroReturnError:
            return 0
        except ssl.SSLCertVerificationError as error:
            self._fail()
            raise ValueError(_REASONS.get(error.verify_code, _UNSIGNED))
        except ssl.SSLError:
            self._fail()
            raise OSError(_FATAL_ALERT, "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE")

    def _shake(self):
        if self._shaken:
            return
        self._object.do_handshake()
        if self._owner.is_early(self._object.getpeercert(True)):
            self._out.read()
            self._fail()
            raise ValueError(_FUTURE)
        self._shaken = True

    def _waits(self, needs, direction):
        self._needs = 0 if needs == direction else needs

    def _fail(self):
        """Let the peer have the alert, if it will."""
        self._failed = True
        try:
            self._flush()
        except OSError:
            pass

    def _flush(self):
        self._unsent += self._out.read()
        count = self._sock.write(self._unsent) if self._unsent else 0
        self._unsent = self._unsent[count or 0 :]

    def _fill(self):
        """Take in what the socket has; false if it has nothing."""
        data = bytearray(ops.PAYLOAD_MAX)
        count = self._sock.readinto(data)
        if count is None:
            return False
        if count:
            self._in.write(data[:count])
        else:
            self._in.write_eof()
        return True


def _pem(kind, data):
    if b"-----BEGIN " in data:
        return data + b"\n"
    text = ssl.DER_cert_to_PEM_cert(data)
    return text.replace("CERTIFICATE", kind).encode()
