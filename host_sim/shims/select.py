"""`select.poll` over the world: the one place where an idle firmware lets time pass."""

import link
import ops

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16

_IOCTL_POLL = 3  # MP_STREAM_POLL: how MicroPython asks a stream written in Python


class _Poll:
    """Watches UARTs and sockets of the world, local streams that answer ioctl() (ThreadSafeFlag),
    and layers over a socket (tls.py), which have an opinion of their own.
    """

    def __init__(self):
        self._remote = {}  # handle -> object
        self._layers = []  # (object, flags)
        self._local = []  # (object, flags), in the order of registration on either Python

    def register(self, obj, eventmask=POLLIN | POLLOUT):
        if hasattr(obj, "_handle"):
            self._remote[obj._handle] = obj
            link.post(ops.POLL_SET, obj._handle, eventmask)
            link.readiness |= ops.POLLED_READY
            if hasattr(obj, "poll_through"):
                self._forget_layer(obj)
                self._layers.append((obj, eventmask))
        else:
            self.unregister(obj)
            self._local.append((obj, eventmask))

    modify = register

    def unregister(self, obj):
        if hasattr(obj, "_handle"):
            if self._remote.pop(obj._handle, None) is not None:
                link.post(ops.POLL_SET, obj._handle, 0)
            self._forget_layer(obj)
        else:
            self._local = [entry for entry in self._local if entry[0] is not obj]

    def poll(self, timeout=-1):
        return list(self.ipoll(timeout))

    def ipoll(self, timeout=-1, flags=0):
        """Yield (object, events); waits `timeout` ms at the most, for ever if it is negative."""
        ready = self._ready_here()
        if timeout == 0 and not link.readiness & ops.POLLED_READY:
            return ready  # the world stands still: asking it again would bring the same answer
        start_ms = link.ticks_ms
        left_ms = 0 if ready else timeout
        while True:
            result = link.call(ops.WAIT, 0, left_ms)
            found = link.payload
            ready = self._ready_here()
            if ready or result != ops.INTERRUPTED:
                break
            if timeout >= 0:
                left_ms = max(0, timeout - ((link.ticks_ms - start_ms) & 0x3FFFFFFF))
        for i in range(0, len(found), 2):
            if found[i] in self._remote:
                self._add(ready, self._remote[found[i]], found[i + 1])
        return ready

    def _add(self, ready, obj, events):
        for layer, wanted in self._layers:
            if layer is obj:
                events = obj.poll_through(wanted, events)[0]
                ready[:] = [entry for entry in ready if entry[0] is not obj]
        if events:
            ready.append((obj, events))

    def _ready_here(self):
        ready = []
        for obj, eventmask in self._local:
            events = obj.ioctl(_IOCTL_POLL, eventmask)
            if events:
                ready.append((obj, events))
        for obj, wanted in self._layers:
            events, asks = obj.poll_through(wanted, 0)
            if events:
                ready.append((obj, events))
            link.post(ops.POLL_SET, obj._handle, asks)
        return ready

    def _forget_layer(self, obj):
        self._layers = [entry for entry in self._layers if entry[0] is not obj]


def poll():
    return _Poll()
