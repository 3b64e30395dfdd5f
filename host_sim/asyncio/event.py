"""Event, set by a task, and ThreadSafeFlag, set from an interrupt."""

from types import coroutine

from . import core

_STREAM_POLL = 3  # MicroPython's request code MP_STREAM_POLL


class Event:
    """A condition that any number of tasks wait for."""

    def __init__(self):
        self.state = False
        self.waiting = core.TaskQueue()

    def is_set(self) -> bool:
        """Whether the event is set."""
        return self.state

    def set(self):
        """Set it and make all the tasks that wait due, in the order they came."""
        while self.waiting.peek() is not None:
            core._task_queue.push(self.waiting.pop())
        self.state = True

    def clear(self):
        """Unset it. Tasks that have been woken stay awake."""
        self.state = False

    @coroutine
    def wait(self):
        """Wait until it is set; returns True. Does not give way when it is set already."""
        if not self.state:
            task = core.cur_task
            self.waiting.push(task)
            task.data = self.waiting
            yield
        return True


class ThreadSafeFlag:
    """A flag that one task waits for and that clears itself. The loop polls it like a stream."""

    def __init__(self):
        self.state = 0

    def ioctl(self, request: int, flags: int) -> int:
        """A set flag is ready for everything; any other request fails."""
        return self.state * flags if request == _STREAM_POLL else -1

    def set(self):
        """Set it, from anywhere."""
        self.state = 1

    def clear(self):
        """Unset it."""
        self.state = 0

    @coroutine
    def wait(self):
        """Wait until it is set, and clear it."""
        if not self.state:
            yield core._io_queue.queue_read(self)
        self.state = 0
