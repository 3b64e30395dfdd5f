"""MicroPython's asyncio for CPython: the same names and, above all, the same order.

Inside the simulated firmware's process this package stands before the standard asyncio, whose
order of equal deadlines, cancellations and timeouts is not MicroPython's. Two VMs that run the
same scenario must leave the same trace, and a random program per seed proves that they do
(`tests/sim/test_asyncio_order.py`). The clock and the poller are the simulator's `time` and
`select`; the queue and the task are `host_sim/shims/_asyncio.py`, shared with MicroPython.

Where versions differ it follows 1.25, the version that it can be compared with: `run` returns
None when nothing can wake the main task any more. From 1.26 on it polls every 3 ms instead.
"""

from .core import (
    CancelledError,
    Loop,
    Task,
    TimeoutError,
    create_task,
    current_task,
    get_event_loop,
    new_event_loop,
    run,
    run_until_complete,
    sleep,
    sleep_ms,
)
from .event import Event, ThreadSafeFlag
from .funcs import gather, wait_for, wait_for_ms
from .lock import Lock
from .stream import StreamReader, StreamWriter

__all__ = [
    "CancelledError",
    "Event",
    "Lock",
    "Loop",
    "StreamReader",
    "StreamWriter",
    "Task",
    "ThreadSafeFlag",
    "TimeoutError",
    "create_task",
    "current_task",
    "gather",
    "get_event_loop",
    "new_event_loop",
    "run",
    "run_until_complete",
    "sleep",
    "sleep_ms",
    "wait_for",
    "wait_for_ms",
]
