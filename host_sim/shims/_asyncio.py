"""The run queue and the task of MicroPython's asyncio, on the simulator's clock.

MicroPython's own `_asyncio` is C code that reads the real clock. This one takes its ticks from
the `time` shim and otherwise does what the C code does, to the order of tasks that are due in
the same millisecond; `tests/sim/test_asyncio_order.py` holds it to that. Both VMs run it: under
MicroPython's frozen asyncio, and under `host_sim/asyncio` on CPython. It has to be put into
`sys.modules["_asyncio"]` before asyncio is imported: sys.path does not come before a built-in.

The interface is the one `asyncio.core` expects. Of a task: `coro`; `data`, what it waits on (a
queue with `remove`, another task) or the exception to throw into it; `ph_key`, the ticks at
which it is due; `state`, True while it runs, a TaskQueue of the tasks that await it, a callback
to call at its end, None when it has ended and nobody has asked yet, False when somebody has.
"""

from time import ticks_diff, ticks_ms

# The globals of asyncio.core: `cur_task`, `_task_queue` and `CancelledError` live there.
_core = {}


class Crash(BaseException):
    """The firmware did what crashes MicroPython. No handler of the firmware may catch it."""


def _join(newer, older):
    """Join two heaps into one and return its top. On a tie the older heap stays on top."""
    # Ticks wrap at 2^30, so bit 29 of a difference is the sign of ticks_diff. A call costs more
    # than all the rest of this function.
    if (newer.ph_key - older.ph_key) & 0x20000000:
        if newer._child is None:
            newer._child = older
        else:
            newer._last._next = older
        newer._last = older
        older._next = None
        older._parent = newer
        return newer
    newer._next = older._child
    if older._child is None:
        older._last = newer
        newer._parent = older
    older._child = newer
    return older


def _pair(sibling):
    """Join a row of siblings, newest first, two by two into one heap and return its top."""
    heap = None
    while sibling is not None:
        pair = sibling
        elder = pair._next
        sibling = None
        if elder is not None:
            sibling = elder._next
            pair = _join(pair, elder)
        heap = pair if heap is None else _join(heap, pair)
    if heap is not None:
        heap._next = None
    return heap


class TaskQueue:
    """Tasks in the order they are due; equal ticks leave in the order they came.

    A pairing heap of the same shape as the C code's, so that keys further apart than half the
    range of ticks, which have no true order, come out in the same wrong one.
    """

    def __init__(self):
        self._top = None

    def peek(self):
        """The task that is due first, or None."""
        return self._top

    def push(self, task, key=None):
        """Add a task, due at the ticks `key` or now."""
        task.data = None
        task.ph_key = ticks_ms() if key is None else key
        top = self._top
        self._top = task if top is None else _join(task, top)

    def pop(self):
        """Take the task that is due first. Raises IndexError when there is none."""
        top = self._top
        if top is None:
            raise IndexError("empty heap")
        self._top = _pair(top._child)
        top._child = top._parent = None
        return top

    def remove(self, task):
        """Take a task out, wherever it stands. One that is not in the queue is left alone."""
        if task is self._top:
            self.pop()
            return
        after = task._next
        last = task
        while last._next is not None:
            last = last._next
        parent = last._parent
        if parent is None:
            return
        # Its children, made one heap, take its place in the row: the row stays sorted by age.
        heir = _pair(task._child)
        if parent._child is task:
            parent._child = after if heir is None else heir
        else:
            before = parent._child
            while before._next is not task:
                before = before._next
            if heir is None:
                heir = before
            else:
                before._next = heir
        if heir is not None:
            heir._next = after
            if after is None:
                heir._parent = parent
                parent._last = heir
        task._child = task._next = task._parent = None


class Task:
    """A coroutine that the loop runs. Other tasks can await it and cancel it."""

    # `_parent` is true of the last of a row of siblings only, `_last` where there is a `_child`.
    __slots__ = ("_child", "_last", "_next", "_parent", "coro", "data", "ph_key", "state")

    def __init__(self, coro, core=None):
        global _core
        if core is not None:
            _core = core
        self.coro = coro
        self.data = None
        self.state = True
        self.ph_key = 0
        self._child = self._last = self._next = self._parent = None

    def __iter__(self):
        state = self.state
        if not state:
            self.state = False
        elif state is True:
            self.state = TaskQueue()
        elif not isinstance(state, TaskQueue):
            raise RuntimeError("can't wait")
        return self

    __await__ = __iter__  # CPython's name for it

    def __next__(self):
        if not self.state:
            if self.data is None:
                # The loop has dropped the exception (a task fails, is awaited in the moment
                # before its failure is reported, and now once more). The C code raises None.
                raise Crash("a failed task is awaited twice")
            # The result travels as StopIteration, like that of any iterator that is awaited.
            raise self.data
        waiter = _core["cur_task"]
        self.state.push(waiter)
        waiter.data = self

    def done(self):
        """Whether the coroutine has ended, in whatever way."""
        return not self.state

    def cancel(self):
        """Have CancelledError thrown into the task, or into the one it waits for.

        Returns False when the task has ended. Raises RuntimeError when it is the current task.
        """
        if not self.state:
            return False
        if self is _core["cur_task"]:
            raise RuntimeError("can't cancel self")
        task = self
        while isinstance(task.data, Task):
            task = task.data
        run_queue = _core["_task_queue"]
        if hasattr(task.data, "remove"):
            task.data.remove(task)
            run_queue.push(task)
        elif ticks_diff(task.ph_key, ticks_ms()) > 0:
            run_queue.remove(task)
            run_queue.push(task)
        task.data = _core["CancelledError"]
        return True
