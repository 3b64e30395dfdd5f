"""A serial line in virtual time with scripted slaves, small enough to read beside its tests.

Importing it loads MicroPython's asyncio and the driver under test over this clock, on either
Python, and leaves the interpreter's own modules as they were. Bytes take their time on the wire;
nothing passes while nobody waits. The clock starts a second before its ticks wrap.
"""

import sys

_PERIOD = 1 << 30
START_US = (_PERIOD - 1000) * 1000
ROOT = __file__.rsplit("/", 3)[0]


class Clock:
    """Stands for the module `time`."""

    def __init__(self):
        self.now_us = START_US
        self.longest_block_us = 0

    def ticks_us(self):
        return self.now_us % _PERIOD

    def ticks_ms(self):
        return self.now_us // 1000 % _PERIOD

    def ticks_add(self, ticks, delta):
        return (ticks + delta) % _PERIOD

    def ticks_diff(self, end, start):
        return (end - start + _PERIOD // 2) % _PERIOD - _PERIOD // 2

    def sleep_us(self, us):
        self.block_until(self.now_us + us)

    def block_until(self, end_us):
        """Let time pass while no other task can run."""
        self.longest_block_us = max(self.longest_block_us, end_us - self.now_us)
        self.now_us = max(self.now_us, end_us)


class Poll:
    """Stands for the module `select` and its poller; watches the one UART there is."""

    POLLIN = 1
    POLLOUT = 4

    def __init__(self, clock):
        self._clock = clock
        self._watched = []

    def poll(self):
        self._watched = []
        return self

    def register(self, stream, eventmask):
        self._watched.append(stream)

    def modify(self, stream, eventmask):
        pass

    def unregister(self, stream):
        self._watched.remove(stream)

    def ipoll(self, timeout_ms):
        clock = self._clock
        # The chip's clock ticks inside the millisecond: a sleep ends with the tick.
        end_us = None if timeout_ms < 0 else (clock.now_us // 1000 + timeout_ms) * 1000
        for stream in self._watched:
            due_us = stream.next_us()
            if due_us is not None and (end_us is None or due_us <= end_us):
                clock.now_us = max(clock.now_us, due_us)
                return [(stream, self.POLLIN)]
        if end_us is None:
            raise RuntimeError("everybody waits for ever")
        clock.now_us = max(clock.now_us, end_us)
        return []


class UART:
    """The machine's end of the line. `slaves` maps an address to a function that is given a
    request and returns what it says: a list of (delay in us, bytes)."""

    def __init__(self, clock, baud_bps, slaves, echo=False, char_bits=10):
        self.char_us = char_bits * 1000000 / baud_bps
        self.slaves = slaves
        self.sent = []  # (begin, end, bytes) of each request
        self.shortest_gap_us = _PERIOD
        self._clock = clock
        self._echo = echo
        self._arrivals = []  # (when complete, byte), in order
        self._line_us = clock.now_us  # nobody has spoken since
        self._sending_until_us = clock.now_us

    def say(self, begin_us, data):
        """Let `data` come in from `begin_us` on."""
        for i, byte in enumerate(data):
            self._arrivals.append((int(begin_us + (i + 1) * self.char_us), byte))
        self._arrivals.sort()
        self._line_us = max(self._line_us, self._arrivals[-1][0])

    def next_us(self):
        return self._arrivals[0][0] if self._arrivals else None

    def write(self, data):
        begin_us = self._clock.now_us
        gap_us = begin_us - self._line_us
        if self.sent:
            self.shortest_gap_us = min(self.shortest_gap_us, gap_us)
        end_us = int(begin_us + len(data) * self.char_us)
        self.sent.append((begin_us, end_us, bytes(data)))
        self._line_us = self._sending_until_us = end_us
        if self._echo:
            self.say(begin_us, bytes(data))
        if data[0] in self.slaves:
            for delay_us, said in self.slaves[data[0]](bytes(data)):
                self.say(end_us + delay_us, said)
        return len(data)

    def flush(self):
        self._clock.block_until(self._sending_until_us)

    def any(self):
        return sum(when_us <= self._clock.now_us for when_us, _ in self._arrivals)

    def readinto(self, buf):
        count = min(self.any(), len(buf))
        for i in range(count):
            buf[i] = self._arrivals.pop(0)[1]
        return count or None


class Pin:
    """A direction pin that remembers when it changed."""

    def __init__(self, clock):
        self.changes = []
        self._clock = clock

    def value(self, level):
        self.changes.append((self._clock.now_us, level))


def _module(name, names):
    """Something to import `names` from; MicroPython cannot make a module, a class will do."""
    return type(name, (), {key: names[key] for key in names if not key.startswith("__")})


def _load():
    """(asyncio, driver) over the virtual clock."""
    kept = {}
    before = list(sys.path)
    ticks = ("ticks_ms", "ticks_us", "ticks_add", "ticks_diff", "sleep_us")
    mine = {
        "time": _module("time", {name: getattr(CLOCK, name) for name in ticks}),
        "select": Poll(CLOCK),
        "micropython": _module("micropython", {"const": lambda value: value}),
    }
    for name in list(sys.modules):
        root = name.split(".")[0]
        if root in mine or root in ("asyncio", "_asyncio", "drivers"):
            kept[name] = sys.modules.pop(name)
    sys.modules.update(mine)
    try:
        names = {}
        with open(ROOT + "/host_sim/shims/_asyncio.py") as file:  # noqa: PTH123  both Pythons
            exec(file.read(), names)
        sys.modules["_asyncio"] = _module("_asyncio", names)
        if sys.implementation.name == "cpython":
            sys.path.insert(0, ROOT + "/host_sim")
        import asyncio

        for name in ("Lock", "StreamReader", "gather", "wait_for_ms"):
            getattr(asyncio, name)  # MicroPython loads them at first use, from sys.modules
        from drivers import modbus
    finally:
        sys.path[:] = before
        for name in list(sys.modules):
            root = name.split(".")[0]
            if root in mine or root in ("asyncio", "_asyncio", "drivers"):
                del sys.modules[name]
        sys.modules.update(kept)
    return asyncio, modbus


CLOCK = Clock()
asyncio, modbus = _load()
