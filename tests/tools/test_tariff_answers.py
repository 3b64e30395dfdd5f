"""Who is told the tariff, and when; and the command that is started with one."""

import json
import logging
from pathlib import Path

import pytest

from tests.tools.deliveries import NOW_S, events, intervals, status, water
from tests.tools.rate_plans import city, schedules
from tools.headend.__main__ import main
from tools.headend.almanac import Almanacs
from tools.headend.ledger import Ledger

DAY_S = 86_400
ENOUGH_S = NOW_S + 200 * DAY_S


def told(ledger: Ledger, now_s: int = NOW_S, **more) -> list[tuple[str, bytes]]:
    """The answers to a status."""
    return ledger.receive("ami/h1/status", status(**more), now_s)


def test_a_collector_with_an_older_tariff_is_told_ours():
    almanacs = Almanacs(schedules(city(version=3)))
    ledger = Ledger(tariff=almanacs)
    ours = almanacs(NOW_S)
    assert ours is not None
    answer = [("ami/h1/tariff", ours[1])]
    assert told(ledger, tariff=0, tariff_until=0) == answer
    assert told(ledger, tariff=2, tariff_until=ENOUGH_S) == answer
    # A status without the two: a collector that keeps no registers by period. Else: its will.
    assert told(ledger) == told(ledger, tariff=0, state="offline") == []
    # The answer to a status has all that is to be said.
    topics = [topic for topic, _ in told(ledger, tariff=0, time=None)]
    assert topics == ["ami/h1/time", "ami/h1/tariff"]
    assert ledger.books("h1").refused == 0


def test_a_collector_whose_almanac_ends_soon_is_told_a_new_one():
    ledger = Ledger(tariff=Almanacs(schedules(city(version=3))))
    assert told(ledger, tariff=3, tariff_until=ENOUGH_S) == []
    ((_, text),) = told(ledger, tariff=3, tariff_until=ENOUGH_S - 1)
    data = json.loads(text)
    until_s = data["start"] + sum(data["days"][::2]) * DAY_S
    assert data["start"] == NOW_S // DAY_S * DAY_S - DAY_S
    # What it is told now is enough for many months, and then it is told again.
    assert told(ledger, tariff=3, tariff_until=until_s) == []
    assert told(ledger, now_s=NOW_S + 229 * DAY_S, tariff=3, tariff_until=until_s)


def test_a_newer_tariff_is_left_alone(caplog):
    # Two head-ends, and one was started with an old file: it must not fight for the collector.
    ledger = Ledger(tariff=Almanacs(schedules(city(version=3))))
    with caplog.at_level(logging.WARNING):
        assert told(ledger, tariff=4, tariff_until=0) == []
        assert told(ledger, tariff=4, tariff_until=0) == []
    said = "h1 has version 4 of the tariff, version 3 is here: left alone"
    assert caplog.messages == [said]


def test_without_a_tariff_nothing_is_told():
    assert told(Ledger(), tariff=0, tariff_until=0) == []
    assert told(Ledger(tariff=lambda _: None), tariff=0, tariff_until=0) == []


def test_what_was_refused_is_not_sent_again(caplog):
    # Each refusal is a record in the collector's flash: at every connection it would write one.
    texts = [b"first", b"first", b"other"]
    ledger = Ledger(tariff=lambda _: (3, texts[0]))
    assert told(ledger, tariff=0) == [("ami/h1/tariff", b"first")]
    refusal = events(0, 1, (1, "tariff_refused", {"version": 3, "reason": 5}))
    with caplog.at_level(logging.WARNING):
        for _ in range(2):  # the same record, delivered twice
            ledger.receive("ami/h1/events", refusal, NOW_S)
    assert caplog.messages == ["h1 refuses version 3 of the tariff: rows"]
    assert told(ledger, tariff=0, acked=1) == []
    # What comes of it tomorrow is another text; and another collector has not refused.
    texts[0] = b"second"
    assert told(ledger, tariff=0, acked=1) == [("ami/h1/tariff", b"second")]
    # A journal that takes no records may be whole again at any time.
    refusal = events(1, 2, (2, "tariff_refused", {"version": 3, "reason": 8}))
    ledger.receive("ami/h1/events", refusal, NOW_S)
    assert told(ledger, tariff=0, acked=2) == [("ami/h1/tariff", b"second")]


@pytest.mark.parametrize(
    "more", [{"tariff": -1}, {"tariff": None}, {"tariff": "3"}, {"tariff_until": -1}]
)
def test_a_wrong_status_is_refused(more):
    ledger = Ledger(tariff=lambda _: (3, b"{}"))
    assert told(ledger, **more) == []
    assert (ledger.books("h1").refused, ledger.books("h1").online) == (1, None)


def test_summer_time_is_no_flaw():
    # Collectors with an almanac flag every interval of the summer: the report does not mean those.
    ledger = Ledger()
    channels = water(0, 5, 6, 7, quality=[128, 128 + 16, 0])
    ledger.receive("ami/h1/intervals", intervals(0, 3, [1, 2, 3], channels), NOW_S)
    assert ledger.books("h1").channels["water"].flagged == 1
    # And it does not make a second interval of the same hour a part of it.
    again = intervals(3, 4, [4], water(18, 5, quality=[128]))
    ledger.receive("ami/h1/intervals", again, NOW_S)
    assert ledger.books("h1").doubled == 1


def test_the_command_refuses_a_wrong_tariff_before_it_connects(tmp_path: Path, capsys):
    # Nobody listens at this port: what gets that far would try for ever.
    plans = {
        "first": city(version=3),
        "older": city(version=3, effective="2026-07-01"),
        "earlier": city(version=4),
        "unknown": city(holiday=[]),
        "minutes": city(tz="PST8PDT,M3.2.0/2:10,M11.1.0"),
    }
    for name, plan in plans.items():
        (tmp_path / name).write_text(json.dumps(plan))
    database = tmp_path / "db"
    start = ["run", "--broker", "127.0.0.1:1", "--db", str(database)]
    for names, line in (
        (["nowhere"], "No such file"),
        (["unknown"], "holiday: unknown key"),
        (["minutes"], "10:10:00 UTC, which is not on a quarter-hour"),
        (["first", "older"], "older: version: 3 is not above 3"),
        (["first", "earlier"], "earlier: effective: not after that of"),
        (["first", "older", "earlier"], "3 tariffs: give one, or one and the one"),
    ):
        options = [word for name in names for word in ("--tariff", str(tmp_path / name))]
        assert main([*start, *options]) == 1
        said = capsys.readouterr().err
        assert line in said and said.count("\n") == 1
    with pytest.raises(SystemExit):
        main([*start, "--tariff", str(tmp_path / "first"), "--billing-day", "29"])
    assert not database.exists()
