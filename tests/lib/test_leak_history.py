"""All leak rules over habits, leaks and holes at random: what is told is what a plain look at the
whole history says, whatever is not known in between.
"""

import random

from lib import leak, leak_gap
from lib.leak import (
    CONTINUOUS,
    HOURS,
    INTERMITTENT,
    LEAST,
    NO,
    NOBODY_KNOWS,
    RATE,
    STOPPED,
    YES,
)
from lib.leak_rules import parse
from tests.lib.leak_states import DAY, fresh, seeded


class Oracle:
    """Keeps all, and looks at all of it each time."""

    def __init__(self, first, rules, least, span, enough, need, stop, most):
        self.first = first
        self.all = []  # (count, whole)
        self.rules = rules
        self.least, self.span, self.enough = least, span, enough
        self.needs = {CONTINUOUS: 96, INTERMITTENT: 1, HOURS: 24, LEAST: 24}
        self.needs[RATE], self.needs[STOPPED] = need, stop
        self.most = most
        self.verdicts = {rule: [] for rule in self.needs}
        self.active = set()
        self.today = {}

    def close(self, count, whole):
        """(rule, begins) of what changes."""
        self.all = self.all[-150:] + [(count, whole)]
        quarter, self.first = self.first, self.first + 1
        told = []
        for rule in sorted(self.needs):
            if rule in (HOURS, LEAST) and quarter % 4 != 3:
                continue
            verdict = self.verdict(rule)
            self.verdicts[rule] = self.verdicts[rule][-96:] + [verdict]
            if rule in self.active:
                if verdict == NO:
                    self.active.remove(rule)
                    told.append((rule, False))
            elif self.run(rule) >= self.needs[rule] and self.told(rule, quarter) < self.most:
                self.active.add(rule)
                self.today[rule, quarter // DAY] = self.told(rule, quarter) + 1
                told.append((rule, True))
        return told

    def told(self, rule, quarter):
        return self.today.get((rule, quarter // DAY), 0)

    def run(self, rule):
        """How many of the last verdicts were YES without a break."""
        verdicts, run = self.verdicts[rule], 0
        while run < len(verdicts) and verdicts[-1 - run] == YES:
            run += 1
        return min(run, self.needs[rule])

    def last(self, quarters):
        missing = [(0, False)] * max(0, quarters - len(self.all))
        return missing + self.all[-quarters:]

    def verdict(self, rule):
        at_least = {CONTINUOUS: 1, STOPPED: 1, HOURS: 1, LEAST: self.least}
        if rule == INTERMITTENT:
            wet = sum(count > 0 for count, _ in self.last(96))
            maybe = sum(count > 0 or not whole for count, whole in self.last(96))
            return YES if wet >= 50 else NO if maybe < 50 else NOBODY_KNOWS
        if rule == RATE and self.span > 1:
            last, wanted = self.last(self.span), 1
        elif rule == RATE:
            last, wanted = self.last(1), self.enough
        else:
            last, wanted = self.last(4 if rule in (HOURS, LEAST) else 1), at_least[rule]
        enough = sum(count for count, _ in last) >= wanted
        if not enough and not all(whole for _, whole in last):
            return NOBODY_KNOWS
        return YES if enough != (rule == STOPPED) else NO


def life(oracle, rules, quarters):
    """Habits, leaks and holes at random; the same must be told by both."""
    state = fresh(oracle.first)
    chance, leaking, hole, done, told_in_all = 3, 0, 0, 0, 0
    while done < quarters:
        if random.randrange(60) == 0:
            chance, leaking = random.choice((0, 1, 5, 9)), random.choice((0, 0, 1, 2, 6))
            hole = random.choice((0, 0, 0, 0, 1, 3, 50))
        if hole:
            told = [each[:2] for each in leak_gap.skip(state, rules, hole, 0)]
            expected = []
            for _ in range(hole):
                expected += oracle.close(0, False)
            assert sorted(told) == sorted(expected)
            done, hole = done + hole, 0
            continue
        count = leaking + (random.randrange(20) if random.randrange(10) < chance else 0)
        whole = random.randrange(50) > 0
        expected = oracle.close(count, whole)
        told = [each[:2] for each in leak.close(state, rules, count, whole, 0)]
        assert sorted(told) == sorted(expected), (done, told, expected)
        told_in_all += len(told)
        done += 1
    return told_in_all


def test_all_rules_against_a_plain_look_at_everything():
    seeded()
    told = 0
    for text, least, stop in (
        ("day hour=3785 rate=2/24 starts=1 stop=3 most=3", 4, 12),
        ("day hour=9000 rate=17/24 stop=9 most=9", 9, 36),
        ("day hour=1000 rate=60/12 stop=9 most=9", 1, 36),
    ):
        rules = parse(text, 1, 1)
        oracle = Oracle(
            4 * random.randrange(DAY, 9999), rules, least, *(rules[2:5] + (stop, rules[7]))
        )
        told += life(oracle, rules, 2500)
    assert told > 50
