"""A random program from a seed: the same tree on every VM.

A program is a list of steps. A step is a tuple: the name of a method of `interpreter.Program`
without its `step_`, and its arguments, of which some are programs themselves.
"""

EVENTS = 3
LOCKS = 2
FLAGS = 2
PIPES = 2

# Short ones, and often the same: the ties are what this is about.
_SLEEPS_MS = (0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 5, 8, 10, 20)
_DEEPEST = 3
_FEWEST_STEPS = 40
_MOST_STEPS = 160


class Dice:
    """A linear congruential generator; `random` differs between the VMs."""

    def __init__(self, seed):
        self._state = (seed * 2654435 + 12345) & 0x7FFFFFFF
        self.roll(2)

    def roll(self, sides):
        """An integer from 0 to sides - 1."""
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 12) % sides

    def pick(self, items):
        """One of a tuple."""
        return items[self.roll(len(items))]


class Author:
    """Writes one program."""

    def __init__(self, seed):
        self.dice = Dice(seed)
        self._steps_left = _FEWEST_STEPS + self.dice.roll(_MOST_STEPS - _FEWEST_STEPS)

    def main(self):
        """The body of the main task: it starts some others, and guards its own steps."""
        steps = [("spawn", self.body(1)) for _ in range(2 + self.dice.roll(4))]
        while self._steps_left > 0:
            work = ("wait_for", 5 + self.dice.roll(60), self.body(1), 2)
            steps.append(self.dice.pick((work, ("guard", [work], 2), ("guard", [work], 3))))
        return steps

    def body(self, depth=0):
        """A list of steps; deeper ones are shorter."""
        steps = []
        for _ in range(1 + self.dice.roll(9 - 2 * depth)):
            if self._steps_left <= 0 and steps:
                break
            self._steps_left -= 1
            steps.append(self._step(depth))
        return steps

    def _step(self, depth):
        name = self.dice.pick(_LEAVES if depth >= _DEEPEST else _STEPS)
        return (name,) + tuple([self._argument(kind, depth) for kind in _ARGUMENTS[name]])

    def _argument(self, kind, depth):
        if kind == "ms":
            return self.dice.pick(_SLEEPS_MS)
        if kind == "body":
            return self.body(depth + 1)
        if kind == "bodies":
            return [self.body(depth + 1) for _ in range(self.dice.roll(4))]
        if kind == "numbers":
            return [self.dice.roll(100) for _ in range(1 + self.dice.roll(3))]
        return self.dice.roll(kind)


# What each step takes: "ms", "body", "bodies", "numbers", or how many sides its die has.
_ARGUMENTS = {
    "sleep_ms": ("ms",),
    "sleep": (1,),
    "yields": (4,),
    "busy": ("ms",),
    "event_set": (EVENTS,),
    "event_clear": (EVENTS,),
    "event_wait": (EVENTS,),
    "lock_with": (LOCKS, "body"),
    "lock_acquire": (LOCKS,),
    "lock_release": (LOCKS,),
    "flag_set": (FLAGS,),
    "flag_clear": (FLAGS,),
    "flag_wait": (FLAGS,),
    "flag_plan": (FLAGS, "ms"),
    "pipe_write": (PIPES, 12),
    "pipe_read": (PIPES, 4, 6),
    "spawn": ("body",),
    "cancel": (100,),
    "join": (100,),
    "done": (100,),
    "wait_for": ("ms", "body", 8),
    "wait_for_task": ("ms", 100),
    "gather": ("bodies", 2),
    "gather_tasks": ("numbers", 2),
    "guard": ("body", 4),
    "fail": (5,),
    "leave": (200,),
}

_LEAVES = (
    ("sleep_ms",) * 8
    + ("event_set", "event_wait", "flag_set", "flag_wait", "flag_plan") * 2
    + ("cancel",) * 3
    + ("sleep", "yields", "busy", "event_clear", "lock_acquire", "lock_release", "flag_clear")
    + ("pipe_write", "pipe_read", "pipe_write", "pipe_read", "join", "done", "wait_for_task")
    + ("gather_tasks", "fail", "leave")
)
_STEPS = _LEAVES + ("spawn",) * 6 + ("wait_for", "guard", "lock_with") * 3 + ("gather", "gather")
