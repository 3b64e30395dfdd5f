"""Rules that find a leak in the pulses of one channel, quarter-hour by quarter-hour.

What is not known neither raises an alarm nor ends one: a rule must be true whatever came in the
quarter-hours that were not counted, or not in whole; and it is over when it must be false.

A channel's state is one list of small integers, told by the places below; it is stored as it is
(one varint each). The figures and their sources: LEAKS.md.
"""

# Rules, in the order of their bits and of their runs; on the wire they are told from 1 on.
CONTINUOUS = 0  # flow in every quarter-hour of 24 h
INTERMITTENT = 1  # flow in half of them
HOURS = 2  # no hour of 24 without flow
LEAST = 3  # so much in every one of them
RATE = 4  # the guarantee: lib/leak_rules.py
BURST = 5  # so much within half an hour
STOPPED = 6  # nothing for so long
AWAY = 7  # anything while nobody is there
RULES = 8
LEAKS = 31  # bits of those that tell of a flow which does not end

# The state.
QUARTER = 0  # number of the open quarter-hour, by the clock; 0: there was none yet
PULSES = 1  # of the channel, when it began
BEFORE = 2  # pulses in the quarter-hour before it, and in the one before that
HOUR = 4  # pulses of the open hour, until it began
WET = 5  # rings of 24 h, newest first: with flow,
UNSURE = 9  # and not counted in whole
LEAK_DAYS = 13  # rings of 35 days: with a leak,
STILL_DAYS = 14  # and without any flow
MINOR = 15  # so many days more a flow backward is told,
MAJOR = 16  # or a large one
TODAY = 17  # whether there was a leak
LEAST_TODAY = 18  # pulses in the lowest hour of the run of hours with flow, today
LEAST_BEFORE = 19  # and the day before; 0: none
ACTIVE = 20  # rules whose alarm has begun
OVER = 21  # those that are true no more, but wait for a person
TOLD = 22  # alarms of the day, four bits a rule
IS_AWAY = 23
RUNS = 24  # quarter-hours since a rule is true, and the pulses in them; rule by rule
SIZE = 40

MASK = 0x3FFFFFFF  # numbers of pulses go on from 0

YES = 1
NO = 0
NOBODY_KNOWS = 2
_NOT_NOW = 3

_DAY = 96
_WORDS = 4  # of a ring of 96 bits: an integer of more than 30 is an object
_BITS = 24
_HALF = 50
_DAYS_MASK = 0x7FFFFFFFF
_HISTORY_DAYS = 35
_BACK_MAJOR = 100


def flowed(state: list, pulses: int) -> int:
    """How many came since the open quarter-hour began; `pulses`: the channel's number now."""
    count = pulses - state[PULSES] & MASK
    return count if count <= MASK >> 1 else 0


def close(state: list, rules: tuple, count: int, is_whole: bool, back: int) -> list:
    """The open quarter-hour ends with `count` pulses. is_whole: all of it was counted. back: how
    many pulses the meter stands behind (lib/interval.py). What there is to tell: (rule, whether
    its alarm begins, quarter-hours, pulses).
    """
    mask, least, span, enough, need_rate, burst, need_stop = rules[:7]
    told = look(state, rules, count)
    _shift(state, WET, 1 if count else 0)
    _shift(state, UNSURE, 0 if is_whole else 1)
    state[HOUR] += count
    for rule in range(RULES):
        if mask >> rule & 1:
            state[RUNS + 2 * rule] += 1
            state[RUNS + 2 * rule + 1] += count
    sure, maybe = _ones(state, WET, WET), _ones(state, WET, UNSURE)
    flow = _verdict(count, 1, is_whole)
    by_hour = by_least = _NOT_NOW
    if state[QUARTER] % 4 == 3:
        by_least = _verdict(state[HOUR], least, not any_of(state, UNSURE, 4))
        by_hour = _end_hour(state)
    rate = _verdict(count, enough, is_whole)
    if span > 1:
        rate = _verdict(any_of(state, WET, span), 1, not any_of(state, UNSURE, span))
    verdicts = (
        flow,
        YES if sure >= _HALF else NO if maybe < _HALF else NOBODY_KNOWS,
        by_hour,
        by_least,
        rate,
        _burst(state, count, burst, is_whole),
        (YES, NO, NOBODY_KNOWS)[flow],
        flow if state[IS_AWAY] else NO,
    )
    needs = (_DAY, 0, _DAY, _DAY, need_rate, 0, need_stop, 0)
    had_burst = state[ACTIVE] >> BURST & 1
    for rule in range(RULES):
        _judge(state, rules, rule, verdicts[rule], needs[rule], told)
    state[BEFORE + 1], state[BEFORE] = state[BEFORE], count
    if had_burst and verdicts[BURST] == NO:  # what was told is not told again
        state[BEFORE] = state[BEFORE + 1] = 0
    _note_day(state, back)
    if state[QUARTER] % _DAY == _DAY - 1:
        end_day(state, 0 if maybe else 1)
    state[QUARTER] += 1
    return told


def look(state: list, rules: tuple, count: int) -> list:
    """The open quarter-hour has `count` pulses so far: what cannot wait for its end, as close()
    tells it.
    """
    told = []
    window = state[BEFORE] + state[BEFORE + 1] + count
    for rule, is_true in ((BURST, window >= rules[5]), (AWAY, count and state[IS_AWAY])):
        if is_true and _may_begin(state, rules, rule):
            run = RUNS + 2 * rule
            state[run], state[run + 1] = (2, window) if rule == BURST else (0, count)
            _judge(state, rules, rule, YES, 0, told)
            state[run + 1] -= count  # which is counted when it ends
    return told


def needed(state: list, rules: tuple, count: int) -> int:
    """How many pulses more cannot wait for the end of the quarter-hour; 0: it can."""
    if state[IS_AWAY] and _may_begin(state, rules, AWAY):
        return 1
    if _may_begin(state, rules, BURST):
        return max(1, rules[5] - state[BEFORE] - state[BEFORE + 1] - count)
    return 0


def lowest(state: list) -> int:
    """Pulses in the lowest hour since yesterday, of a flow that has not ended; 0: it has."""
    return min(state[LEAST_TODAY] or MASK, state[LEAST_BEFORE] or MASK) % MASK


def _verdict(count: int, least: int, is_whole: bool) -> int:
    """Whether there was so much, where what was counted may be less than what came."""
    return YES if count >= least else NO if is_whole else NOBODY_KNOWS


def _burst(state: list, count: int, burst: int, is_whole: bool) -> int:
    """It goes on until a quarter-hour has less than half of what begins it."""
    if state[BEFORE] + state[BEFORE + 1] + count >= burst and 4 * count >= burst:
        return YES
    return NO if is_whole and 4 * count < burst else NOBODY_KNOWS


def _may_begin(state: list, rules: tuple, rule: int) -> bool:
    """Whether an alarm is wanted, has not begun, and was not told too often today."""
    is_able = (rules[0] & ~state[ACTIVE]) >> rule & 1
    return bool(is_able and state[TOLD] >> 4 * rule & 15 < rules[7])


def _judge(state: list, rules: tuple, rule: int, verdict: int, need: int, told: list) -> None:
    """Begin the rule's alarm, or end it, or let its run go on or start again."""
    bit, run = 1 << rule, RUNS + 2 * rule
    if not state[ACTIVE] & bit:
        if verdict == YES:
            if state[run] >= need and _may_begin(state, rules, rule):
                state[ACTIVE] |= bit
                state[TOLD] += 1 << 4 * rule
                told.append((rule, True, state[run], state[run + 1]))
        elif verdict != _NOT_NOW:
            state[run] = state[run + 1] = 0
    elif verdict == YES:
        state[OVER] &= ~bit
    elif verdict == NO and rules[8]:
        state[OVER] |= bit
    elif verdict == NO:
        told.append((rule, False, state[run], state[run + 1]))
        state[ACTIVE] &= ~bit
        state[run] = state[run + 1] = 0


def _end_hour(state: list) -> int:
    """Note the lowest hour; whether there was flow in this one."""
    count, is_whole = state[HOUR], not any_of(state, UNSURE, 4)
    state[HOUR] = 0
    if count and is_whole:
        state[LEAST_TODAY] = min(count, state[LEAST_TODAY] or count)
    elif is_whole:
        state[LEAST_TODAY] = state[LEAST_BEFORE] = 0
    return _verdict(count, 1, is_whole)


def _note_day(state: list, back: int) -> None:
    """Note what the open day is like."""
    if state[ACTIVE] & LEAKS:
        state[TODAY] = 1
    if back:
        state[MINOR] = _HISTORY_DAYS
    if back > _BACK_MAJOR:
        state[MAJOR] = _HISTORY_DAYS


def end_day(state: list, is_still: int) -> None:
    """A day is over."""
    state[LEAK_DAYS] = (state[LEAK_DAYS] << 1 | state[TODAY]) & _DAYS_MASK
    state[STILL_DAYS] = (state[STILL_DAYS] << 1 | is_still) & _DAYS_MASK
    state[LEAST_BEFORE], state[LEAST_TODAY] = state[LEAST_TODAY], 0
    state[MINOR], state[MAJOR] = max(0, state[MINOR] - 1), max(0, state[MAJOR] - 1)
    state[TODAY] = state[TOLD] = 0


def any_of(state: list, ring: int, newest: int) -> bool:
    """Whether one of so many newest bits of a ring is set."""
    while newest > 0:
        if state[ring] & (1 << min(newest, _BITS)) - 1:
            return True
        ring += 1
        newest -= _BITS
    return False


def bucket(days: int) -> int:
    """Days as water meters tell them: 0, 1-2, 3-7, 8-14, 15-21, 22-34, and 35 or more."""
    count = 0
    while days:
        days &= days - 1
        count += 1
    return sum([count >= least for least in (1, 3, 8, 15, 22, 35)])


def _shift(state: list, ring: int, bit: int) -> None:
    """One more in the ring; the oldest is forgotten."""
    for word in range(ring, ring + _WORDS):
        moved = state[word] << 1 | bit
        bit = moved >> _BITS
        state[word] = moved & (1 << _BITS) - 1


def _ones(state: list, ring: int, other: int) -> int:
    """How many are set in one of two rings, or in both."""
    count = 0
    for word in range(_WORDS):
        bits = state[ring + word] | state[other + word]
        while bits:
            bits &= bits - 1
            count += 1
    return count
