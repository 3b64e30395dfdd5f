"""Energy by period of a tariff, judged by the standard library's time zones."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.tools.deliveries import HOUR_S, fed, intervals, water
from tests.tools.rate_plans import city, schedules
from tests.vm import FIRMWARE
from tools.headend.__main__ import main
from tools.headend.ledger import Ledger
from tools.headend.rates import rates
from tools.headend.tariffs import TariffError, load_schedules, load_tariff

E1_TOU = FIRMWARE / "tariffs" / "e1_tou.json"
PACIFIC = ZoneInfo("America/Los_Angeles")
# 2026-03-06 00:00 UTC: three days, with the change to summer time on the 8th at 10:00 UTC
START_S = 1_772_755_200
HOURS = 96


def period_of(start_s: int) -> str:
    """By the clock on the wall: peak 16 to 21, super off-peak 9 to 15, else off-peak."""
    hour = datetime.fromtimestamp(start_s, PACIFIC).hour
    if 16 <= hour < 21:
        return "peak"
    return "super off-peak" if 9 <= hour < 15 else "off-peak"


def test_every_hour_goes_to_the_period_of_the_wall_clock() -> None:
    # Powers of no common sum: an hour in a wrong period cannot hide behind another.
    deltas = [1 + hour * hour for hour in range(HOURS)]
    seqs = list(range(1, HOURS + 1))
    ledger = fed(("intervals", intervals(0, HOURS, seqs, water(0, *deltas), start=START_S)))
    (found,) = rates(ledger, "h1", load_schedules([E1_TOU]))
    expected = {"off-peak": 0, "super off-peak": 0, "peak": 0}
    for hour, delta in enumerate(deltas):
        expected[period_of(START_S + hour * HOUR_S)] += delta
    assert found.by_period == expected
    assert (found.apart, found.total) == (0, sum(deltas))


def test_what_spans_a_change_belongs_to_no_period() -> None:
    # 23:00 and 00:00 UTC are 15:00 and 16:00 in Los Angeles: the one value spans both.
    start_s = START_S + 22 * HOUR_S
    channels = water(0, 5, None, 70, 9, quality=[0, 8, 16, 0])
    ledger = fed(("intervals", intervals(0, 4, [1, 2, 3, 4], channels, start=start_s)))
    (found,) = rates(ledger, "h1", load_schedules([E1_TOU]))
    assert found.by_period == {"off-peak": 0, "super off-peak": 5, "peak": 9}
    assert found.apart == 70


def test_what_lies_before_the_tariff_belongs_to_no_period() -> None:
    ledger = fed(("intervals", intervals(0, 1, [1], water(0, 5), start=START_S - 90 * 86_400)))
    (found,) = rates(ledger, "h1", load_schedules([E1_TOU]))
    assert (found.apart, sum(found.by_period.values())) == (5, 0)


def test_two_tariffs_are_two_bills() -> None:
    # From 8 March on another tariff with the same names: its amounts are not those of the first.
    # The value over the midnight between them belongs to neither, though both call it off-peak.
    first, second = city(), city(version=2, effective="2026-03-08")
    switch_s = int(datetime(2026, 3, 8, tzinfo=PACIFIC).timestamp())
    channels = water(0, 100, 7, None, 30, 500, quality=[0, 0, 8, 16, 0])
    message = intervals(0, 5, [1, 2, 3, 4, 5], channels, start=switch_s - 3 * HOUR_S)
    (found,) = rates(fed(("intervals", message)), "h1", schedules(first, second))
    amounts = {name: amount for name, amount in found.by_period.items() if amount}
    assert amounts == {"off-peak, version 1": 107, "off-peak, version 2": 500}
    assert (found.apart, found.total, len(found.by_period)) == (30, 637, 6)


def test_a_wrong_tariff_is_refused_in_one_line(tmp_path: Path) -> None:
    data = json.loads(E1_TOU.read_text())
    path = tmp_path / "tariff.json"
    for text, told in (
        ("{", "no JSON"),
        ("[]", "must be a JSON object"),
        (json.dumps(data | {"holiday": []}), "holiday: unknown key"),
        (json.dumps(data | {"tz": "PST8PDT,M13.1.0,M11.1.0"}), "tz: "),
    ):
        path.write_text(text)
        with pytest.raises(TariffError, match=told) as refusal:
            load_tariff(path)
        assert str(path) in str(refusal.value) and "\n" not in str(refusal.value)
    with pytest.raises(TariffError, match="No such file"):
        load_tariff(tmp_path / "none.json")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "headend.sqlite"
    ledger = Ledger(database)
    message = intervals(0, 2, [1, 2], water(0, 5, 6), start=START_S + HOUR_S)
    ledger.receive("ami/h1/intervals", message, START_S + 9 * HOUR_S)
    ledger.close()
    arguments = ["report", "--db", str(database), "--tariff", str(E1_TOU)]
    assert main([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["h1"]["rates"]["water"]["periods"] == {
        "off-peak": 0,
        "super off-peak": 0,
        "peak": 11,
    }
    assert main(arguments) == 0
    assert "E-1-TOU, version 1" in capsys.readouterr().out
