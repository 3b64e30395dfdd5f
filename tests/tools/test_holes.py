"""A hole that stays is asked for: once it is certain, not at every look, one after the other."""

import json
from dataclasses import replace
from pathlib import Path

from tests.tools.deliveries import NOW_S, ack, events, status, will
from tools.headend.holes import AGAIN_S, BETWEEN_MAX, STAYS_S, Hole, end, look
from tools.headend.ledger import Ledger


def asked(ledger: Ledger, now_s: int) -> list[dict]:
    found = []
    for topic, payload in ledger.ask(now_s):
        assert topic == "ami/h1/command"
        found.append(json.loads(payload))
    return found


def test_a_hole_that_stays_is_asked_for(database: Path | str) -> None:
    # 6..10 were swallowed: nobody sends them again until the collector connects anew, so the
    # watermark would stand for weeks.
    ledger = Ledger(database)
    ledger.receive("ami/h1/status", status(), NOW_S)
    ledger.receive("ami/h1/events", events(0, 5), NOW_S)
    ledger.receive("ami/h1/events", events(10, 20), NOW_S)
    ledger.receive("ami/h1/events", events(20, 20 + BETWEEN_MAX + 1), NOW_S)
    ledger.receive("ami/h1/events", events(330, 331), NOW_S)
    assert asked(ledger, NOW_S) == asked(ledger, NOW_S + STAYS_S - 1) == []
    (first,) = asked(ledger, NOW_S + STAYS_S)
    number = NOW_S + STAYS_S
    head = {"v": 1, "boot": 7, "id": number, "do": "resend"}
    assert first == head | {"after": 5, "upto": 10}
    assert asked(ledger, NOW_S + STAYS_S) == []
    # It fills in two messages. The next hole has waited behind it and is asked for at once.
    ledger.receive("ami/h1/events", events(5, 8), NOW_S)
    assert asked(ledger, number + 1) == []
    assert ledger.receive("ami/h1/events", events(8, 10), NOW_S) == ack(221)
    (second,) = asked(ledger, number)
    assert second == head | {"id": number + 1, "after": 221, "upto": 330}, "an id must rise"
    assert ledger.receive("ami/h1/events", events(221, 330), NOW_S) == ack(331)
    assert asked(ledger, NOW_S + 9 * AGAIN_S) == []
    # A new hole is a new one.
    ledger.receive("ami/h1/events", events(340, 341), NOW_S)
    assert asked(ledger, NOW_S + 10 * AGAIN_S) == []
    assert len(asked(ledger, NOW_S + 10 * AGAIN_S + STAYS_S)) == 1


def test_who_is_away_is_not_asked() -> None:
    # It sends all that is not safe as soon as it connects; a command would be stale by then.
    ledger = Ledger()
    ledger.receive("ami/h1/status", status(), NOW_S)
    ledger.receive("ami/h1/events", events(10, 20), NOW_S)
    assert asked(ledger, NOW_S) == []
    ledger.receive("ami/h1/status", will(), NOW_S)
    assert asked(ledger, NOW_S + STAYS_S) == []
    ledger.receive("ami/h1/status", status(boot=8), NOW_S)
    assert asked(ledger, NOW_S + STAYS_S + 1) == []
    assert [each["boot"] for each in asked(ledger, NOW_S + 2 * STAYS_S + 1)] == [8]


def test_two_receivers_ask_once(database: Path | str) -> None:
    first, second = Ledger(database), Ledger(database)
    first.receive("ami/h1/status", status(), NOW_S)
    second.receive("ami/h1/events", events(10, 20), NOW_S)
    assert first.ask(NOW_S) == second.ask(NOW_S) == []
    now_s = NOW_S + STAYS_S
    assert len(first.ask(now_s) + second.ask(now_s)) == 1
    assert first.ask(now_s + AGAIN_S - 1) == second.ask(now_s + AGAIN_S - 1) == []
    assert len(first.ask(now_s + AGAIN_S) + second.ask(now_s + AGAIN_S)) == 1


def test_a_stream_that_only_overtakes_itself_is_left_alone() -> None:
    # Two receivers, and always something on its way: the watermark moves, no hole stays.
    hole, due = look(None, 10, 12, NOW_S)
    for minute in range(1, 60):
        hole, due = look(hole, 10 + minute, 12 + minute, NOW_S + minute * (STAYS_S - 1))
        assert not due
    # Asked, and since then it fills slowly: that is the answer, and not asked for again.
    hole = Hole(10, NOW_S, asked_upto=500, asked_s=NOW_S)
    for minute in range(1, 60):
        hole, due = look(hole, 10 + minute, 500, NOW_S + minute * (STAYS_S - 1))
        assert not due
    assert not look(hole, hole.after, 500, hole.since_s + STAYS_S - 1)[1]
    assert look(hole, hole.after, 500, hole.since_s + STAYS_S)[1]
    just_asked = replace(hole, asked_s=hole.since_s)
    assert not look(just_asked, hole.after, 500, hole.since_s + AGAIN_S - 1)[1]


def test_holes_close_together_are_asked_for_as_one() -> None:
    # Every other message went to a receiver that is gone: asked for one by one, it takes hours.
    assert end([(10, 15), (20, 25), (30, 35)]) == 30
    far = 30 + BETWEEN_MAX
    assert end([(10, 15), (20, 25), (30, far), (far + 5, far + 9)]) == far + 5
    assert end([(10, 15), (20, 25), (30, far + 1), (far + 5, far + 9)]) == 30
    assert end([(10, 15)]) == 10
