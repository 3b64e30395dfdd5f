"""Tasks that wait for a stream, and the poll in which all waiting happens."""

import select

from . import core

_READ = 0
_WRITE = 1


class IOQueue:
    """At most one reader and one writer per stream, as in MicroPython.

    A second reader takes the place of the first, which then sleeps for ever; cancelling one of
    a stream's two tasks makes it forget the other. Both are MicroPython's ways, and a firmware
    that relies on better ones would fail on the chip.
    """

    def __init__(self):
        self.poller = select.poll()
        self.map = {}  # id of a stream (it need not be hashable): [reader, writer, stream]

    def queue_read(self, stream):
        """Let the current task wait until the stream can be read."""
        self._enqueue(stream, _READ)

    def queue_write(self, stream):
        """Let the current task wait until the stream can be written."""
        self._enqueue(stream, _WRITE)

    def remove(self, task):
        """Forget every stream that the task waits for."""
        for reader, writer, stream in list(self.map.values()):
            if task is reader or task is writer:
                self._dequeue(stream)

    def wait_io_event(self, timeout_ms: int):
        """Poll for so long (-1: without end) and make the tasks of ready streams due."""
        for stream, events in self.poller.ipoll(timeout_ms):
            waiters = self.map[id(stream)]
            # An error or a hang-up wakes both directions.
            if waiters[_READ] is not None and events & ~select.POLLOUT:
                core._task_queue.push(waiters[_READ])
                waiters[_READ] = None
            if waiters[_WRITE] is not None and events & ~select.POLLIN:
                core._task_queue.push(waiters[_WRITE])
                waiters[_WRITE] = None
            if waiters[_READ] is not None:
                self.poller.modify(stream, select.POLLIN)
            elif waiters[_WRITE] is not None:
                self.poller.modify(stream, select.POLLOUT)
            else:
                self._dequeue(stream)

    def _enqueue(self, stream, direction: int):
        task = core.cur_task
        waiters = self.map.get(id(stream))
        if waiters is None:
            waiters = self.map[id(stream)] = [None, None, stream]
            self.poller.register(stream, select.POLLIN if direction == _READ else select.POLLOUT)
        else:
            self.poller.modify(stream, select.POLLIN | select.POLLOUT)
        waiters[direction] = task
        task.data = self  # so that cancelling the task finds it here

    def _dequeue(self, stream):
        del self.map[id(stream)]
        self.poller.unregister(stream)
