"""The guarantee of the leak rules: what is promised is kept, what cannot be kept is refused."""

import random

from lib import leak, leak_watch
from lib.leak_rules import parse, promise
from tests.lib.leak_states import fresh, seeded


def flow(rules, num, den, per_h, from_s, for_s, end_s):
    """Whether a steady flow is told, by a collector that looks up to a minute late."""
    state = fresh()
    phase = random.randrange(3600 * num)
    seen = quarter = 0
    while quarter * 900 < end_s:
        quarter += 1
        at_s = quarter * 900 + random.choice((0, 1, 59, random.randrange(60)))
        flowing_s = min(max(0, at_s - from_s), for_s)
        pulses = (phase + per_h * den * flowing_s) // (3600 * num)
        if any(each[1] for each in leak.close(state, rules, pulses - seen, True, 0)):
            return at_s
        seen = pulses
    return 0


def test_the_flow_is_certain_to_be_told_and_half_of_it_never():
    seeded()
    kept = 0
    while kept < 60:
        num, den = random.choice(((1, 1), (10, 1), (100, 1), (1, 10), (5, 2), (1, 450)))
        per_h, hours = random.randrange(5, 60), random.choice((4, 12, 24, 36, 48))
        text = "rate=%d/%d starts=5" % (per_h, hours)
        try:
            rules = parse(text, num, den)
        except ValueError:
            continue
        kept += 1
        from_s = random.randrange(7200)
        for_s = hours * 3600
        faster = per_h * random.choice((1, 1, 2, 5)) + random.choice((0, 0, 1))
        told_s = flow(rules, num, den, faster, from_s, for_s, from_s + for_s + 60)
        assert told_s, (text, num, den, faster)
        assert told_s - from_s <= for_s + 60
        half = per_h // 2 - random.choice((0, 0, 1))
        assert not flow(rules, num, den, half, 0, 10 * for_s, 10 * for_s), (text, num, den, half)


def refusal(text, num=1, den=1):
    try:
        parse(text, num, den)
    except ValueError as error:
        return str(error)
    return None


def test_a_promise_that_cannot_be_kept_is_refused_with_the_reason():
    assert refusal("rate=10/24") == (
        "rate: the meter starts at 15 an hour: nothing is promised of 10"
    )
    assert refusal("rate=10/24 starts=10") is None
    assert refusal("rate=10/19 starts=5", 100) == (
        "rate: one pulse of 100/1 takes 600 min at 10 an hour: two must fit into 19 h"
    )
    assert "cannot be told apart" in refusal("rate=20/10 starts=5", 100)
    assert promise(15, 24, 1, 1) == (1, 3, 95)
    assert promise(10, 24, 10, 1, 5) == (5, 1, 91)


def test_a_text_that_is_wrong_says_how():
    assert refusal("dya") == "dya: must be of burst day hour latch most rate starts stop"
    assert refusal("burst") == "burst: must look like burst=1"
    assert refusal("rate=10") == "rate=10: must look like rate=10/24"
    assert refusal("day=1") == "day=1: must look like day"
    assert refusal("burst=0") == "burst=0: 0 must be from 1 to 1000000"
    assert refusal("stop=1x") == "stop=1x: 1x must be from 1 to 9999"
    assert refusal("hour=3785", 10) == "hour: 3785 is less than one pulse"
    assert refusal("rate=20/241") == "rate: the hours must be from 2 to 240"
    assert parse("", 1, 1) == ()


def test_a_watch_has_a_place_for_each_thing():
    places = (leak_watch.COUNT, leak_watch.RULES, leak_watch.STATE, leak_watch.TRIP)
    assert sorted(places + (leak_watch.FIGURES,)) == list(range(5))
