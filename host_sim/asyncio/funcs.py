"""wait_for and gather.

A `wait_for` is a race between two tasks: the caller, which sleeps for the time allowed, and a
runner, which awaits the work and then cancels that sleep with a CancelledError of its own that
carries the outcome. Every hop costs a turn of the loop, so the order depends on this shape.
"""

from types import coroutine

from . import core


async def _run(caller, work):
    """Await the work and wake the caller with its outcome: True and the result, or the error."""
    result = None
    try:
        result = await work
        status = True
    except BaseException as error:
        status = error
    # The caller still sleeps only if nothing has been thrown into it yet.
    if caller.data is None and caller.cancel():
        caller.data = core.CancelledError(status, result)


async def wait_for(aw, timeout, sleep=core.sleep):
    """Await a coroutine or task for at most `timeout` seconds (None: for ever).

    Returns its result, raises its exception, or cancels it and raises TimeoutError.
    """
    work = core._promote_to_task(aw)
    if timeout is None:
        return await work
    runner = core.create_task(_run(core.cur_task, work))
    try:
        await sleep(timeout)
    except core.CancelledError as wake:
        if not wake.args or wake.args[0] is None:
            # Somebody else cancelled the caller.
            runner.cancel()
            raise
        status, result = wake.args
        if status is True:
            return result
        raise status from None
    runner.cancel()
    await runner
    raise core.TimeoutError


def wait_for_ms(aw, timeout):
    """As `wait_for`, in milliseconds."""
    return wait_for(aw, timeout, core.sleep_ms)


class _Gathering:
    """What a gathering task waits on: no queue, so there is nothing to be removed from."""

    @staticmethod
    def remove(_task):
        pass


@coroutine
def gather(*aws, return_exceptions=False):
    """Run coroutines or tasks together; return the list of their results, in their order.

    The first exception is raised and the other tasks run on, or it takes its place in the
    list if `return_exceptions`. Raises RuntimeError for a task that somebody awaits already;
    tasks named before that one then end the whole loop with a NameError when they finish, which
    is MicroPython's bug and has to show in the simulator too.
    """
    if not aws:
        return []
    failure = None
    pending = 0

    def on_done(_task, outcome):
        nonlocal failure, pending
        if caller.data is not _Gathering:
            return  # the caller is awake already
        if return_exceptions or isinstance(outcome, StopIteration):
            pending -= 1
            if pending:
                return
        else:
            failure = outcome
        core._task_queue.push(caller)

    tasks = [core._promote_to_task(aw) for aw in aws]
    failed_before = False
    for task in tasks:
        if task.state is True:
            task.state = on_done
            pending += 1
        elif task.state:
            raise RuntimeError("can't gather")
        elif not return_exceptions and not isinstance(task.data, StopIteration):
            failed_before = True

    caller = core.cur_task  # not before: see NameError above
    cancelled = False
    if pending and not failed_before:
        caller.data = _Gathering
        try:
            yield
        except core.CancelledError as error:
            cancelled = True
            failure = error

    for task in tasks:
        if task.state is on_done:
            task.state = True
            if cancelled:
                task.cancel()
    return _collect(tasks, failure, return_exceptions)


def _collect(tasks, failure, return_exceptions):
    """The results of tasks. Raises the failure, or else the first one among the tasks'."""
    results = []
    undecided = failure is None
    for task in tasks:
        result = task
        if not task.done():
            pass  # there is a failure, or has been one that was lost
        elif isinstance(task.data, StopIteration):
            result = task.data.value
        elif return_exceptions:
            result = task.data
        elif undecided:
            # The first that failed decides, even if its exception is lost (see core) and None:
            # then MicroPython raises nothing and returns the tasks themselves.
            undecided = False
            failure = task.data
        results.append(result)
    if failure is not None:
        raise failure
    return results
