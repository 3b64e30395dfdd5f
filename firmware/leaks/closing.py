"""Judges what has flowed, and tells of it: at the end of a quarter-hour, or sooner where something
cannot wait. Loaded for that: see once.py.
"""

import once
from leaks import QUARTER_S
from lib import events, leak, record, varint
from lib.leak_watch import COUNT, FIGURES, RULES, STATE, TRIP

_LATE_S = 60  # a quarter-hour may be so much too long or too short (lib/leak_rules.py)
_UTC_QUARTER = 1704067200 // QUARTER_S  # what is less counts from a boot (clock.py)
_DAY = 96
_TWO_HOURS = 8
_SIX_HOURS = 24
_NEVER_S = -(1 << 28)
_BY_LOWEST = (
    1 << leak.CONTINUOUS | 1 << leak.HOURS | 1 << leak.LEAST | 1 << leak.RATE
)  # flows whose rate the lowest hour tells


def run(leaks, quarter: int) -> None:
    """The open quarter-hour is now number `quarter`."""
    uptime_s = leaks.clock.uptime_s()
    is_first = leaks.quarter is None
    is_whole = not is_first and abs(uptime_s - leaks.closed_s - QUARTER_S) <= _LATE_S
    try:
        for watch in leaks.watches:
            _judge(leaks.books, watch, quarter, is_first, is_whole)
    finally:
        once.forget("lib.leak")
    if quarter != leaks.quarter:
        leaks.quarter, leaks.closed_s = quarter, _NEVER_S if is_first else uptime_s


def _judge(books, watch: list, quarter: int, is_first: bool, is_whole: bool) -> None:
    count, rules = watch[COUNT], watch[RULES]
    state = varint.unpack(watch[STATE], 1)
    pulses = number(count)
    came = leak.flowed(state, pulses) if state[leak.QUARTER] else 0
    passed = quarter - state[leak.QUARTER]
    if not passed:
        told = leak.look(state, rules, came)
    elif passed == 1 and not is_first:
        is_whole = is_whole and not (count.doubt or count.fault or count.held)
        told = leak.close(state, rules, came, is_whole, count.register.backward())
    else:
        if passed < 0 or state[leak.QUARTER] < _UTC_QUARTER:
            passed = _DAY  # at least as far as any rule looks back
        from lib import leak_gap

        once.forget("lib.leak_gap")
        told = leak_gap.skip(state, rules, passed, came)
        state[leak.QUARTER] = quarter
    if passed:
        state[leak.PULSES] = pulses
        count.doubt = False
    is_due = passed and not quarter % 4 and _is_worth_keeping(state, quarter)
    tell(books, watch, state, told, 0, is_due)


def number(count) -> int:
    """The pulses of an input, as a number that goes on over any reset."""
    register = count.register
    return (register.register * register.den + register.carry) // register.num & leak.MASK


def tell(books, watch: list, state: list, told: list, cleared: int, is_due: bool) -> None:
    """Record what there is to tell; and what is known now, for it to survive, with that or when it
    is due. cleared: 1 where a person ended it.
    """
    count, rules = watch[COUNT], watch[RULES]
    num, den = rules[9:]
    for rule, begins, quarters, pulses in told:
        rate = pulses * 4000 * num // (den * (quarters + 1))
        if _BY_LOWEST >> rule & 1 and leak.lowest(state):
            rate = leak.lowest(state) * 1000 * num // den
        values = (count.place, rule + 1, quarters * QUARTER_S, rate, pulses * num // den)
        if begins:
            paused = int(state[leak.TOLD] >> 4 * rule & 15 >= rules[7])
            books.event(events.LEAK_BEGAN, values + (paused,))
        else:
            books.event(events.LEAK_ENDED, values + (cleared,))
    watch[STATE] = varint.pack(bytes((count.place,)), state)
    if (told or is_due) and len(watch[STATE]) <= record.MAX_PAYLOAD:
        books.append(record.LEAK, watch[STATE])
    needed = leak.needed(state, rules, leak.flowed(state, number(count)))
    watch[TRIP] = needed and count.register.register + max(1, needed * num // den)
    watch[FIGURES] = (
        state[leak.ACTIVE],
        leak.bucket(state[leak.LEAK_DAYS]),
        leak.bucket(state[leak.STILL_DAYS]),
        (1 if state[leak.MINOR] else 0) + (1 if state[leak.MAJOR] else 0),
    )


def _is_worth_keeping(state: list, quarter: int) -> bool:
    """Of hours without flow the first one, and then one in six."""
    return (
        not quarter % _SIX_HOURS
        or leak.any_of(state, leak.WET, _TWO_HOURS)
        or leak.any_of(state, leak.UNSURE, _TWO_HOURS)
    )
