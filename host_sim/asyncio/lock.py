"""Lock: tasks take turns, in the order they came."""

from types import coroutine

from . import core

_FREE = 0
_TAKEN = 1


class Lock:
    """A mutex. `state` is free, taken, or the task that has been woken to take it next."""

    def __init__(self):
        self.state = _FREE
        self.waiting = core.TaskQueue()

    def locked(self) -> bool:
        """Whether a task holds it. Between release and the next holder's turn nobody does."""
        return self.state == _TAKEN

    def release(self):
        """Pass it on to the task that waits longest. Raises RuntimeError when nobody holds it."""
        if self.state != _TAKEN:
            raise RuntimeError("Lock not acquired")
        if self.waiting.peek() is None:
            self.state = _FREE
        else:
            self.state = self.waiting.pop()
            core._task_queue.push(self.state)

    @coroutine
    def acquire(self):
        """Wait for it and take it; returns True."""
        if self.state != _FREE:
            task = core.cur_task
            self.waiting.push(task)
            task.data = self.waiting
            try:
                yield
            except core.CancelledError:
                if self.state is task:
                    # Cancelled when its turn had come: the next one must have it.
                    self.state = _TAKEN
                    self.release()
                raise
        self.state = _TAKEN
        return True

    async def __aenter__(self):
        return await self.acquire()

    async def __aexit__(self, *_exception):
        self.release()
