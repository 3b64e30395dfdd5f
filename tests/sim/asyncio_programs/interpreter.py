"""Runs one random program and keeps its trace: ticks, task, step, what came of it."""

import asyncio

import timeline
from pipe import Pipe
from poller import Stuck
from program import EVENTS, FLAGS, LOCKS, PIPES, Author

# Programs begin up to this long before the ticks wrap, so that many run across it.
_WRAP_MS = 1 << 30
_LEAD_MS = 60
_WAY_OUT = 0  # the argument of `leave` that ends the whole program


class StepError(Exception):
    """What a `fail` step raises."""


class Program:
    """The objects the tasks of one program share, and its steps."""

    def __init__(self, seed):
        author = Author(seed)
        timeline.start(_WRAP_MS - author.dice.roll(_LEAD_MS))
        self._main = author.main()
        self.trace = []
        self.tasks = []  # the main one and all that were spawned, oldest first
        self.names = []  # theirs: the name of the step that spawned it
        self.events = [asyncio.Event() for _ in range(EVENTS)]
        self.locks = [asyncio.Lock() for _ in range(LOCKS)]
        self.flags = [asyncio.ThreadSafeFlag() for _ in range(FLAGS)]
        self.pipes = [Pipe(4 + 5 * number) for number in range(PIPES)]
        self.streams = [asyncio.StreamReader(pipe) for pipe in self.pipes]

    def run(self):
        """Run it to its end and return the trace, a list of strings."""
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(self._on_unretrieved)
        try:
            ended = asyncio.run(self._run_main())
            # Some versions leave the loop when nothing can happen any more, some stay in it.
            self.trace.append("end " + ("stuck" if ended is None else ended))
        except Stuck:
            self.trace.append("end stuck")
        except BaseException as error:
            self._note("loop", "end", describe(error))
        return self.trace

    async def _run_main(self):
        self._add_task("m", asyncio.current_task())
        await self._body("m", self._main)
        return "well"

    def _add_task(self, name, task):
        self.tasks.append(task)
        self.names.append(name)

    def _note(self, name, step, result):
        self.trace.append(f"{timeline.ticks_ms()} {name} {step} {result}")

    def _on_unretrieved(self, _loop, context):
        task = context["future"]
        name = self.names[self.tasks.index(task)] if task in self.tasks else "unnamed"
        self._note(name, "unretrieved", describe(context["exception"]))

    async def _body(self, name, body):
        """Run the steps of a body and return its name; a child is named after its step."""
        try:
            for number, step in enumerate(body):
                await self._step(f"{name}.{number}", step)
        except BaseException as error:
            self._note(name, "left by", describe(error))
            raise
        self._note(name, "ended", "")
        return name

    async def _step(self, name, step):
        self._note(name, "begins", step[0])
        try:
            result = await getattr(self, "step_" + step[0])(name, *step[1:])
        except (RuntimeError, asyncio.TimeoutError, StepError) as error:
            # The rest leaves the body: ValueError, CancelledError, SystemExit.
            result = describe(error)
        self._note(name, step[0], result)

    def _younger_task(self, name, number):
        """A task that was spawned after the one that runs the step, or None.

        Were tasks allowed to await each other in a ring, cancel would follow it for ever.
        """
        own = max([i for i, task in enumerate(self.names) if name.startswith(task + ".")])
        younger = self.tasks[own + 1 :]
        return younger[number % len(younger)] if younger else None

    async def step_sleep_ms(self, _name, duration_ms):
        await asyncio.sleep_ms(duration_ms)

    async def step_sleep(self, _name, duration_s):
        await asyncio.sleep(duration_s)

    async def step_yields(self, name, count):
        for turn in range(count):
            await asyncio.sleep_ms(0)
            self._note(name, "turn", turn)

    async def step_busy(self, _name, duration_ms):
        timeline.advance_to(timeline.now_ms + duration_ms)

    async def step_event_set(self, _name, number):
        self.events[number].set()

    async def step_event_clear(self, _name, number):
        self.events[number].clear()

    async def step_event_wait(self, _name, number):
        return await self.events[number].wait()

    async def step_lock_with(self, name, number, body):
        async with self.locks[number]:
            return await self._body(name, body)

    async def step_lock_acquire(self, _name, number):
        return await self.locks[number].acquire()

    async def step_lock_release(self, _name, number):
        self.locks[number].release()

    async def step_flag_set(self, _name, number):
        self.flags[number].set()

    async def step_flag_clear(self, _name, number):
        self.flags[number].clear()

    async def step_flag_wait(self, _name, number):
        await self.flags[number].wait()

    async def step_flag_plan(self, _name, number, delay_ms):
        timeline.plan(delay_ms, self.flags[number].set)

    async def step_pipe_write(self, name, number, size):
        stream = self.streams[number]
        stream.write(name.encode()[:size])
        stream.write(b"\n")
        await stream.drain()
        return len(self.pipes[number].held)

    async def step_pipe_read(self, _name, number, way, size):
        stream = self.streams[number]
        if way == 0:
            return await stream.read(size)
        if way == 1:
            return await stream.readexactly(size)
        if way == 2:
            return await stream.readline()
        buffer = bytearray(size + 1)
        return (await stream.readinto(buffer), bytes(buffer))

    async def step_spawn(self, name, body):
        self._add_task(name, asyncio.create_task(self._body(name, body)))

    async def step_cancel(self, _name, number):
        return self.tasks[number % len(self.tasks)].cancel()

    async def step_done(self, _name, number):
        return self.tasks[number % len(self.tasks)].done()

    async def step_join(self, name, number):
        task = self._younger_task(name, number)
        if task is None or (task.state is False and has_failed(task)):
            return "none"
        return await task

    async def step_wait_for(self, name, timeout_ms, body, way):
        work = self._body(name, body)
        if way == 0:
            return await asyncio.wait_for(work, None)
        if way == 1:
            return await asyncio.wait_for(work, 0)
        return await asyncio.wait_for_ms(work, timeout_ms)

    async def step_wait_for_task(self, name, timeout_ms, number):
        task = self._younger_task(name, number)
        # Its runner awaits the task a turn later, when somebody else may have.
        if task is None or has_failed(task):
            return "none"
        return await asyncio.wait_for_ms(task, timeout_ms)

    async def step_gather(self, name, bodies, return_exceptions):
        work = [self._body(f"{name}-{i}", body) for i, body in enumerate(bodies)]
        return describe_all(await asyncio.gather(*work, return_exceptions=return_exceptions == 1))

    async def step_gather_tasks(self, name, numbers, return_exceptions):
        tasks = [self._younger_task(name, number) for number in numbers]
        if None in tasks:
            return "none"
        return describe_all(await asyncio.gather(*tasks, return_exceptions=return_exceptions == 1))

    async def step_guard(self, name, body, way):
        """Handle what a body raises: pass it on, swallow it, clean up, clean up slowly."""
        try:
            return await self._body(name, body)
        except asyncio.CancelledError:
            self._note(name, "caught", "CancelledError")
            if way < 2:
                raise
        except StepError as error:
            self._note(name, "caught", describe(error))
            if way == 0:
                raise
        finally:
            if way == 3:
                await asyncio.sleep_ms(1)
            self._note(name, "finally", way)

    async def step_fail(self, name, way):
        if way == 0:
            raise asyncio.CancelledError
        if way == 1:
            raise ValueError(name)
        raise StepError(name)

    async def step_leave(self, name, way):
        if way == _WAY_OUT:
            raise SystemExit(name)


def has_failed(task):
    """Whether a task ended with an exception. To await it a second time can crash the C code."""
    return task.done() and not isinstance(task.data, StopIteration)


def describe(error):
    """An exception as both VMs would write it."""
    if isinstance(error, NameError):
        return "NameError"  # each VM has its own words for it
    return type(error).__name__ + " " + " ".join([str(argument) for argument in error.args])


def describe_all(results):
    """What gather returned: results, exceptions, and a task where it did not wait for it."""
    described = []
    for item in results:
        if isinstance(item, asyncio.Task):
            item = "unfinished"
        described.append(describe(item) if isinstance(item, BaseException) else item)
    return described
