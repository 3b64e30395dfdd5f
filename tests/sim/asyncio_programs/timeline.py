"""Virtual time for the random programs: what `import time` gives them.

It moves when the poller waits and when a program is busy, never by itself.
"""

_MASK = (1 << 30) - 1
_HALF = 1 << 29

now_ms = 0  # does not wrap; ticks do
on_change = None  # called with now_ms whenever it has changed
_interrupts = []  # [due_ms, function], sorted; equal times fire in the order they were planned


def start(at_ms):
    """Begin a program at a moment, with no interrupt planned."""
    global now_ms
    _interrupts.clear()
    now_ms = at_ms
    if on_change:
        on_change(at_ms)


def plan(delay_ms, function):
    """Call a function when time reaches now + delay_ms."""
    due_ms = now_ms + delay_ms
    place = len(_interrupts)
    while place and _interrupts[place - 1][0] > due_ms:
        place -= 1
    _interrupts.insert(place, (due_ms, function))


def next_interrupt_ms():
    """When the next interrupt fires, or None."""
    return _interrupts[0][0] if _interrupts else None


def advance_to(then_ms):
    """Let time pass; interrupts that are due fire on the way."""
    global now_ms
    now_ms = max(now_ms, then_ms)
    if on_change:
        on_change(now_ms)
    while _interrupts and _interrupts[0][0] <= now_ms:
        _interrupts.pop(0)[1]()


def ticks_ms():
    """As MicroPython's on a 32-bit machine."""
    return now_ms & _MASK


def ticks_add(ticks, delta_ms):
    """As MicroPython's."""
    return (ticks + delta_ms) & _MASK


def ticks_diff(ticks, earlier):
    """As MicroPython's."""
    return ((ticks - earlier + _HALF) & _MASK) - _HALF
