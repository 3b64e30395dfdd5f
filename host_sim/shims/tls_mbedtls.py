"""MicroPython's own `tls`, mbedTLS, over a socket of the world.

Its C code finds a stream's methods only in what is made of io.IOBase, and tells what it waits for
only to the C `select`: both stand between.
"""

import io

import ops
import tls  # the built-in one: start.py has not yet put the other in its place
import uselect  # the built-in one

version = tls.MBEDTLS_VERSION

_POLL = 3  # MP_STREAM_POLL
_CLOSE = 4
_HAPPENS = 8 | 16  # POLLERR, POLLHUP: told without being asked for


class Context:
    """One client's trust and identity; is_early(certificate in DER): not good yet."""

    def __init__(self, is_early):
        self._context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
        self._context.verify_callback = self._refuses
        self._is_early = is_early
        self.too_early = False

    def trust(self, data):
        self._context.load_verify_locations(data)

    def own(self, certificate, key):
        self._context.load_cert_chain(certificate, key)

    def layer(self, sock, host):
        self.too_early = False
        wire = _Wire(sock)
        secured = self._context.wrap_socket(
            wire, server_hostname=host, do_handshake_on_connect=False
        )
        return Layer(self, wire, secured)

    def _refuses(self, certificate, depth):
        self.too_early = self.too_early or self._is_early(bytes(certificate))
        return -1 if self.too_early else 0


class Layer:
    """What the firmware takes for its socket."""

    def __init__(self, context, wire, secured):
        self._handle = wire.sock._handle
        self._context = context
        self._wire = wire
        self._secured = secured
        self._poller = uselect.poll()
        self._poller.register(secured, 0)
        self._answered = None  # (wanted, there) that `_answer` is for, since TLS last had its turn
        self._answer = None

    def readinto(self, buf):
        return self._done(self._secured.readinto, buf)

    def read(self, size):
        return self._done(self._secured.read, size)

    def write(self, buf):
        return self._done(self._secured.write, buf)

    def close(self):
        if self._handle:
            self._handle = 0
            self._secured.close()

    def poll_through(self, wanted, there):
        """What of `wanted` is ready when the socket below is ready for `there`; and what of the
        socket is waited for, for that.
        """
        if self._answered != (wanted, there):  # what takes a millisecond of this machine
            self._answered = wanted, there
            self._wire.there = there
            self._wire.asked = 0
            self._poller.modify(self._secured, wanted)
            found = self._poller.poll(0)
            self._answer = (found[0][1] if found else 0), self._wire.asked
        return self._answer

    def _done(self, operation, argument):
        self._answered = None
        try:
            return operation(argument)
        except OSError:
            if self._context.too_early:
                raise ValueError("The certificate validity starts in the future\n")
            raise


class _Wire(io.IOBase):
    """The socket below, as a stream that C code can use: no exception may pass through it."""

    def __init__(self, sock):
        self.sock = sock
        self.there = 0
        self.asked = 0

    def readinto(self, buf):
        try:
            return self.sock.readinto(memoryview(buf)[: ops.PAYLOAD_MAX])
        except OSError as error:
            return -error.args[0]

    def write(self, buf):
        try:
            return self.sock.write(buf)
        except OSError as error:
            return -error.args[0]

    def ioctl(self, request, argument):
        if request == _POLL:
            self.asked |= argument
            return self.there & (argument | _HAPPENS)
        if request == _CLOSE:
            self.sock.close()
        return 0
