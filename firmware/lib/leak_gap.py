"""What is seldom: a gap in what is known of a channel's leaks, and a person who has seen to them.
The state and the rules are those of lib/leak.py.
"""

from lib import leak
from lib.leak import ACTIVE, HOUR, OVER, QUARTER, RULES, RUNS, SIZE

_DAY = 96
_HISTORY_DAYS = 35


def skip(state: list, rules: tuple, quarters: int, count: int) -> list:
    """So many quarter-hours have passed of which nothing is known but that `count` pulses came
    meanwhile. What there is to tell, as close() has it.
    """
    if (state[QUARTER] + quarters) // 4 == state[QUARTER] // 4:
        state[HOUR] += count
    told = []
    closed = min(quarters, _DAY + 4)
    for _ in range(closed):
        told += leak.close(state, rules, 0, False, 0)
    until, quarters = state[QUARTER] + quarters - closed, quarters - closed
    for run in range(RUNS, SIZE, 2):
        if state[ACTIVE] >> (run - RUNS) // 2 & 1:
            state[run] += quarters
            state[run + 1] += count
    for _ in range(min(until // _DAY - state[QUARTER] // _DAY, _HISTORY_DAYS)):
        leak.end_day(state, 0)
    state[QUARTER] = until
    return told


def clear(state: list) -> list:
    """A person has seen to it: alarms that only wait for that end, as close() tells it."""
    told = [
        (rule, False, state[RUNS + 2 * rule], state[RUNS + 2 * rule + 1])
        for rule in range(RULES)
        if state[OVER] >> rule & 1
    ]
    for rule, _, _, _ in told:
        state[RUNS + 2 * rule] = state[RUNS + 2 * rule + 1] = 0
    state[ACTIVE] &= ~state[OVER]
    state[OVER] = 0
    return told
