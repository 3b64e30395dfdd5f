"""The loop: it waits until the first task is due, runs it up to its next wait, and again.

`cur_task`, `_task_queue` and `CancelledError` are found by `_asyncio.Task` in this module's
globals, as in MicroPython.
"""

import sys
from _asyncio import Task, TaskQueue
from time import ticks_add, ticks_diff, ticks_ms

cur_task = None
_task_queue = TaskQueue()
_io_queue = None  # set by new_event_loop()
_stop_task = None

# Coroutines that have not ended. A suspended coroutine that loses its last reference is closed
# by CPython, which runs its `finally` blocks, at a moment that depends on the garbage collector.
# MicroPython just forgets it; so none is ever let go of here.
_unfinished = set()


class CancelledError(BaseException):
    """Thrown into a task that is cancelled."""


class TimeoutError(Exception):
    """What `wait_for` raises when the time is over."""


class _Sleep:
    """An awaitable that is reused by every sleep: due at `state`, None once it has been used."""

    def __init__(self):
        self.state = None

    def __iter__(self):
        return self

    __await__ = __iter__

    def __next__(self):
        if self.state is None:
            raise StopIteration
        _task_queue.push(cur_task, self.state)
        self.state = None


_the_sleep = _Sleep()


def sleep_ms(duration_ms: int):
    """Pause the current task. Await it at once: there is one such object, as in MicroPython."""
    _the_sleep.state = ticks_add(ticks_ms(), max(0, duration_ms))
    return _the_sleep


def sleep(duration_s: float):
    """Pause the current task for seconds, to the millisecond below."""
    return sleep_ms(int(duration_s * 1000))


def create_task(coro) -> Task:
    """Make a coroutine a task that is due now. Raises TypeError for anything else."""
    if not hasattr(coro, "send"):
        raise TypeError("coroutine expected")
    _unfinished.add(coro)
    task = Task(coro, globals())
    _task_queue.push(task)
    return task


def _promote_to_task(awaitable) -> Task:
    return awaitable if isinstance(awaitable, Task) else create_task(awaitable)


def current_task() -> Task:
    """The task that runs. Raises RuntimeError outside of a loop."""
    if cur_task is None:
        raise RuntimeError("no running event loop")
    return cur_task


def run(coro):
    """Run a coroutine as the main task until it ends; return its result or raise its exception."""
    return run_until_complete(create_task(coro))


def run_until_complete(main_task: Task | None = None):
    """Run tasks until the main task ends or nothing can ever wake one (then return None).

    The other tasks stay where they are. SystemExit and KeyboardInterrupt from any task, and
    whatever the poller raises, leave the loop at once.
    """
    global cur_task
    while _wait_until_due():
        task = cur_task = _task_queue.pop()
        thrown = task.data
        try:
            if not task.state:
                # It failed, nobody awaited it, and _finish() queued it: see there.
                _report_unretrieved(task)
            elif thrown:
                task.data = None
                task.coro.throw(thrown)
            else:
                task.coro.send(None)
        except (CancelledError, Exception) as outcome:
            _unfinished.discard(task.coro)
            if task is main_task:
                cur_task = None
                if isinstance(outcome, StopIteration):
                    return outcome.value
                raise
            _finish(task, outcome)
    cur_task = None
    return None


def _wait_until_due() -> bool:
    """Poll until the first task is due. False when no task and no stream is left to wait for."""
    while True:
        task = _task_queue.peek()
        wait_ms = -1
        if task is not None:
            wait_ms = max(0, ticks_diff(task.ph_key, ticks_ms()))
        elif not _io_queue.map:
            return False
        _io_queue.wait_io_event(wait_ms)
        if wait_ms <= 0:
            return True


def _finish(task: Task, outcome: BaseException):
    """Tell whoever waits for the task that it has ended."""
    awaited = False
    waiting = task.state
    if waiting is True:
        task.state = None
    else:
        if isinstance(waiting, TaskQueue):
            while waiting.peek() is not None:
                _task_queue.push(waiting.pop())
                awaited = True
        else:
            waiting(task, outcome)  # gather()'s callback
            awaited = True
        task.state = False
    if not awaited and not isinstance(outcome, (CancelledError, StopIteration)):
        # Nobody has seen this exception yet. Whoever is due before the task's next turn may
        # still await it; after that the exception handler has it.
        _task_queue.push(task)
    task.data = outcome


def _report_unretrieved(task: Task):
    if task.state is not None:
        # Somebody has awaited it meanwhile. MicroPython loses the exception here, so a second
        # await crashes it (_asyncio.Crash); the simulator must not be kinder.
        task.data = None
    else:
        Loop.call_exception_handler(
            {
                "message": "Task exception wasn't retrieved",
                "exception": task.data,
                "future": task,
            }
        )


async def _stopper():
    pass


class Loop:
    """The event loop; there is one, so this class is never instantiated (as in MicroPython)."""

    _exc_handler = None

    @staticmethod
    def create_task(coro) -> Task:
        """The function of the same name."""
        return create_task(coro)

    @staticmethod
    def run_forever():
        """Run tasks until `stop`, or until nothing can wake one."""
        global _stop_task
        _stop_task = Task(_stopper(), globals())
        run_until_complete(_stop_task)

    @staticmethod
    def run_until_complete(awaitable):
        """Run a coroutine or a task as the main task."""
        return run_until_complete(_promote_to_task(awaitable))

    @staticmethod
    def stop():
        """End `run_forever`, after the tasks that are due before."""
        global _stop_task
        if _stop_task is not None:
            _task_queue.push(_stop_task)
            _stop_task = None

    @staticmethod
    def close():
        """Nothing to do; portable programs call it."""

    @staticmethod
    def set_exception_handler(handler):
        """Have `handler(loop, context)` called for exceptions nobody awaited; None for default."""
        Loop._exc_handler = handler

    @staticmethod
    def get_exception_handler():
        """The handler that was set, or None."""
        return Loop._exc_handler

    @staticmethod
    def default_exception_handler(_loop, context: dict):
        """Print the exception to standard error."""
        import traceback  # only here: it pulls in a dozen modules

        task = context["future"]
        print(context["message"], file=sys.stderr)
        print("future:", task, "coro=", task.coro, file=sys.stderr)
        traceback.print_exception(context["exception"], file=sys.stderr)

    @staticmethod
    def call_exception_handler(context: dict):
        """Hand an exception to the handler."""
        (Loop._exc_handler or Loop.default_exception_handler)(Loop, context)


def get_event_loop(_runq_len: int = 0, _waitq_len: int = 0):
    """The loop."""
    return Loop


def new_event_loop():
    """Forget all tasks and streams, and return the loop."""
    global _task_queue, _io_queue
    from .ioqueue import IOQueue  # it needs this module's queue

    _task_queue = TaskQueue()
    _io_queue = IOQueue()
    return Loop


new_event_loop()
