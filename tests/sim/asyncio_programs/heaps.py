"""Our TaskQueue against MicroPython's in C: `heaps.py HOST_SIM FIRST_SEED COUNT`.

The same random pushes, pops and removals go to both, with keys of three kinds: a few ticks with
many ties, a window across the wrap, and anywhere on the ring, where ticks have no true order and
only a heap of the same shape gives the same one. Prints `seed N` for the first difference.
"""

import _asyncio as genuine  # the built-in one: nothing has replaced it here
import sys

from program import Dice

_RING = 1 << 30
_TASKS = 12
_OPERATIONS = 120


def draw_key(dice, kind):
    """Ticks at which a task is due."""
    if kind == 0:
        return dice.roll(4)
    if kind == 1:
        return (_RING - 50 + dice.roll(100)) % _RING
    return dice.roll(1 << 15) << 15 | dice.roll(1 << 15)


def differs(seed, ours):
    """Whether the two queues ever disagree about who is first."""
    dice = Dice(seed)
    kind = dice.roll(3)
    pairs = [(genuine.Task(None), ours.Task(None)) for _ in range(_TASKS)]
    queues = (genuine.TaskQueue(), ours.TaskQueue())
    outside = list(range(_TASKS))
    inside = []
    for _ in range(_OPERATIONS):
        operation = dice.roll(5)
        if operation < 3 and outside:
            number = outside.pop(dice.roll(len(outside)))
            inside.append(number)
            key = draw_key(dice, kind)
            for which in (0, 1):
                queues[which].push(pairs[number][which], key)
        elif operation == 3 and inside:
            number = inside.pop(dice.roll(len(inside)))
            outside.append(number)
            for which in (0, 1):
                queues[which].remove(pairs[number][which])
        elif operation == 4 and inside:
            popped = queues[0].pop(), queues[1].pop()
            if popped not in pairs:
                return True
            number = pairs.index(popped)
            inside.remove(number)
            outside.append(number)
        first = queues[0].peek(), queues[1].peek()
        if first != (None, None) and first not in pairs:
            return True
    return False


def main():
    host_sim, first_seed, count = sys.argv[1:4]
    sys.path.append(host_sim)
    from shims import _asyncio as ours

    for seed in range(int(first_seed), int(first_seed) + int(count)):
        if differs(seed, ours):
            print("seed", seed)
            return
    print("equal", count)


if __name__ == "__main__":
    main()
