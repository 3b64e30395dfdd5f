"""Goes on with what is known of leaks where the journal left it. Needed at start: see once.py.

What is known is told every hour in which something flowed, and with every alarm: some hundred
records back, it is there.
"""

import once
from lib import events, leak, leak_rules, record, varint

once.forget("lib.leak_rules")

_BACK = 400  # records
_EVENT_HEAD_BYTES = 7  # lib/events.py
_QUARTER_S = 900
_BY_A_PERSON = 1  # leaks/closing.py


def run(texts: list, clock, books, journal, pulses, health) -> None:
    """Have `pulses` looked at by the rules in `texts`, one for each of its counts; MemoryError."""
    watches = []
    states = _states(journal)
    for count, text in zip(pulses.counts, texts):
        rules = leak_rules.parse(text, count.register.num, count.register.den)
        state = states.get(count.place, [0] * leak.SIZE)
        _end_unwanted(books, count, rules[0] if rules else 0, state)
        if rules:
            packed = varint.pack(bytes((count.place,)), state)
            watches.append([count, rules, packed, 0, ()])
    if watches:
        from leaks import Leaks

        pulses.leaks = Leaks(clock, books, watches)
        pulses.leaks.on_alarms = pulses.valve and pulses.valve.alarms
        health.sources.append(pulses.leaks)


def _end_unwanted(books, count, mask: int, state: list) -> None:
    """Alarms end whose rules nobody wants any more; mask: bits of those that are."""
    register = count.register
    for rule in range(leak.RULES):
        if (state[leak.ACTIVE] & ~mask) >> rule & 1:
            run = leak.RUNS + 2 * rule
            volume = state[run + 1] * register.num // register.den
            told = count.place, rule + 1, state[run] * _QUARTER_S, 0, volume, _BY_A_PERSON
            books.event(events.LEAK_ENDED, told)
            state[leak.ACTIVE] &= ~(1 << rule)
            state[leak.OVER] &= ~(1 << rule)
            state[run] = state[run + 1] = 0


def _states(journal) -> dict:
    """The newest state of each channel, by its place."""
    states = {}
    cursor = journal.sector_of(max(1, journal.newest - _BACK))
    entry = cursor.next()
    while entry:
        if entry.kind == record.LEAK:
            state = varint.unpack(entry.payload, 1)
            if len(state) == leak.SIZE:
                states[entry.payload[0]] = state
        elif entry.kind == record.EVENT:
            _hear(states, entry.payload)
        entry = cursor.next()
    return states


def _hear(states: dict, payload: bytes) -> None:
    """An alarm was told; the power may have failed before the state could be."""
    kind = payload[0]
    if kind in (events.LEAK_BEGAN, events.LEAK_ENDED):
        values = varint.unpack(payload, _EVENT_HEAD_BYTES)
        place, rule = varint.signed(values[0]), varint.signed(values[1]) - 1
        if place in states:
            state = states[place]
            is_active = state[leak.ACTIVE] >> rule & 1
            if is_active != (kind == events.LEAK_BEGAN):
                state[leak.ACTIVE] ^= 1 << rule
                state[leak.OVER] &= ~(1 << rule)
                state[leak.RUNS + 2 * rule] = state[leak.RUNS + 2 * rule + 1] = 0
