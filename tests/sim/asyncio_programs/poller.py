"""What `import select` gives the random programs: a poll that lets the virtual clock jump."""

import timeline

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16

_STREAM_POLL = 3
_LONGEST_PROGRAM_MS = 20000


class Stuck(BaseException):
    """Nothing can ever happen any more."""


class poll:  # noqa: N801  the name in `select`
    """Streams in the order they were registered."""

    def __init__(self):
        self._entries = []  # [stream, flags]
        self._deadline_ms = timeline.now_ms + _LONGEST_PROGRAM_MS

    def register(self, stream, flags):
        """Watch a stream."""
        self._entries.append([stream, flags])

    def modify(self, stream, flags):
        """Watch a stream for something else."""
        for entry in self._entries:
            if entry[0] is stream:
                entry[1] = flags
                return
        raise OSError(2)

    def unregister(self, stream):
        """Watch a stream no longer."""
        self._entries = [entry for entry in self._entries if entry[0] is not stream]

    def ipoll(self, timeout_ms):
        """The streams that are ready, with their events; waits for one if none is."""
        until_ms = timeline.now_ms + timeout_ms
        while True:
            ready = []
            for stream, flags in self._entries:
                events = stream.ioctl(_STREAM_POLL, flags)
                if events:
                    ready.append((stream, events))
            if ready or (timeout_ms >= 0 and timeline.now_ms >= until_ms):
                return ready
            next_ms = timeline.next_interrupt_ms()
            if next_ms is None or (timeout_ms >= 0 and next_ms > until_ms):
                next_ms = until_ms
                if timeout_ms < 0 or next_ms > self._deadline_ms:
                    raise Stuck
            timeline.advance_to(next_ms)
