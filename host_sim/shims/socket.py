"""ESP32's `socket` over the world: blocking with a timeout in steps of 100 ms, or not blocking at
all.
"""

import link
import ops

AF_INET = 2
SOCK_STREAM = 1
SOCK_DGRAM = 2
SOL_SOCKET = 4095
SO_REUSEADDR = 4
IPPROTO_TCP = 6
TCP_NODELAY = 1

_EAGAIN = 11
_TIMEOUT_STEP_MS = 100  # ports/esp32/modsocket.c polls lwIP in steps of this


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    """Resolve a name; blocks the whole interpreter, and no timeout covers it (the chip's own
    trap).
    """
    link.checked(ops.SOCKET_RESOLVE, 0, 0, 0, host.encode())
    return [(AF_INET, SOCK_STREAM, 0, "", (bytes(link.payload).decode(), port))]


class socket:
    def __init__(self, af=AF_INET, type=SOCK_STREAM, proto=0):
        self._handle = link.checked(ops.SOCKET_OPEN, 0, type)
        self._timeout_ms = ops.FOREVER

    def settimeout(self, value):
        if value is None:
            self._timeout_ms = ops.FOREVER
        else:
            steps = (int(value * 1000) + _TIMEOUT_STEP_MS - 1) // _TIMEOUT_STEP_MS
            self._timeout_ms = steps * _TIMEOUT_STEP_MS

    def setblocking(self, value):
        self._timeout_ms = ops.FOREVER if value else 0

    def setsockopt(self, level, optname, value):
        pass

    def connect(self, address):
        host, port = address
        link.checked(ops.SOCKET_CONNECT, self._handle, port, self._timeout_ms, host.encode())

    def send(self, data):
        return link.checked(ops.SOCKET_SEND, self._handle, self._timeout_ms, 0, data)

    def sendto(self, data, address):
        self.connect(address)
        return self.send(data)

    def sendall(self, data):
        view = memoryview(data)
        while view:
            view = view[self.send(view[: ops.PAYLOAD_MAX]) :]

    def write(self, buf, size=None):
        """MicroPython's stream write: the whole of it, unless the socket would block (then what
        went, or None).
        """
        view = memoryview(buf) if size is None else memoryview(buf)[:size]
        done = 0
        while done < len(view):
            chunk = view[done : done + ops.PAYLOAD_MAX]
            count = link.call(ops.SOCKET_SEND, self._handle, self._timeout_ms, 0, chunk)
            if count == -_EAGAIN:
                return done or None
            if count < 0:
                raise OSError(-count)
            done += count
        return done

    def recv(self, bufsize):
        link.checked(ops.SOCKET_RECEIVE, self._handle, bufsize, self._timeout_ms)
        return bytes(link.payload)

    def read(self, size=-1):
        """MicroPython's stream read: None when nothing is there and the socket does not block."""
        data = b""
        while size < 0 or len(data) < size:
            wanted = ops.PAYLOAD_MAX if size < 0 else size - len(data)
            count = link.call(ops.SOCKET_RECEIVE, self._handle, wanted, self._timeout_ms)
            if count == -_EAGAIN:
                return data or None
            if count < 0:
                raise OSError(-count)
            if count == 0:
                break
            data += link.payload
        return bytes(data)

    def readinto(self, buf, nbytes=-1):
        wanted = len(buf) if nbytes < 0 else min(nbytes, len(buf))
        count = link.call(ops.SOCKET_RECEIVE, self._handle, wanted, self._timeout_ms)
        if count == -_EAGAIN:
            return None
        if count < 0:
            raise OSError(-count)
        buf[:count] = link.payload
        return count

    def close(self):
        if self._handle:
            link.call(ops.SOCKET_CLOSE, self._handle)
            self._handle = 0
