"""What a collector tells of its own periods, held against its intervals by the head-end's rule."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.tools.deliveries import HOUR_S, NOW_S, events, intervals, water
from tests.tools.rate_plans import city, schedules
from tests.tools.tariff_house import APART, DAY_S, PEAK, RECORDS, START_S, WATER, House
from tools.headend import report
from tools.headend.__main__ import main
from tools.headend.ledger import Ledger
from tools.headend.told_report import Told, notes


@pytest.fixture
def house() -> House:
    return House(Ledger())


def told(house: House) -> dict:
    """The channel's numbers."""
    data = report.numbers(house.ledger, schedules(city()))["h1"]
    assert data["closed"]
    return data["told"]["period_registers"]["water"]


def printed(ledger: Ledger, *plans: dict) -> str:
    text = io.StringIO()
    console = Console(file=text, width=120)
    report.print_report(ledger, console, schedules(*plans) if plans else None)
    return text.getvalue()


def test_days_that_agree(house: House):
    # Over the change to summer time: every hour where the wall clock has it.
    for _ in range(4):
        house.live()
    found = told(house)
    assert found["periods"] == dict(
        zip(["off-peak", "super off-peak", "peak"], house.amounts, strict=False)
    )
    assert (found["apart"], found["register"], found["unit"]) == (1000, house.register, "L")
    assert (found["told"], found["compared"], found["difference"]) == (4, 3, 0)
    assert found["not_adding_up"] == found["assumed"] == found["differing"] == []
    assert notes(Told(house.ledger, "h1", schedules(city()))) == []
    text = printed(house.ledger, city())
    assert "3 stretches compared with the intervals, difference 0, 0 assumed" in text
    assert "h1: registers by period, as the collector tells them" in text


def test_an_hour_in_the_wrong_period_is_shown(house: House):
    # The third day the collector counts 22:00 UTC, 15:00 by the wall clock, as peak already: as if
    # the clock had been moved twice.
    house.live()
    house.live()
    house.live(h22=PEAK)
    house.live()
    found = told(house)
    litres = 1 + (2 * 24 + 22) ** 2
    (wrong,) = found["differing"]
    assert wrong["difference"] == {"off-peak": -litres, "peak": litres}
    assert (wrong["since_s"], wrong["until_s"]) == (START_S + 2 * DAY_S, START_S + 3 * DAY_S)
    assert (found["difference"], found["compared"]) == (2 * litres, 3)
    line = (
        f"water, 2026-03-08 00:00 to 2026-03-09 00:00: off-peak -{litres} L, peak +{litres} L"
        " beyond the intervals; version of the tariff: 1"
    )
    assert notes(Told(house.ledger, "h1", schedules(city()))) == [line]
    assert line in printed(house.ledger, city()).replace("\n", " ").replace("  ", " ")


def test_an_hour_that_is_apart_without_need_is_shown(house: House):
    # All of it lies in one period: a collector that sets it apart has lost its own last interval.
    house.live()
    house.live(h5=APART)
    assert told(house)["differing"][0]["difference"] == {"off-peak": -842, "apart": 842}


def test_an_assumed_period_is_not_held_against_it(house: House):
    # Without the time, the last period goes on: the collector says so, and may be wrong. Nor is
    # the day after it compared: how long its first interval is was not known to the collector.
    house.live()
    house.live(assumed=1, h23=PEAK)
    house.live()
    house.live()
    found = told(house)
    assert (found["difference"], found["compared"], found["differing"]) == (0, 1, [])
    assert [each["since_s"] for each in found["assumed"]] == [START_S + DAY_S, START_S + 2 * DAY_S]
    lines = notes(Told(house.ledger, "h1", schedules(city())))
    assert lines[0].endswith("2026-03-08 00:00: the period was assumed, not compared")


def test_what_was_assumed_before_holds_until_the_next_period():
    # The event that may say "assumed" lies before the stretch; what ends it, before its first
    # interval or after it.
    for before, place, assumed in ((1, 31, 1), (1, 28, 1), (0, 31, 0), (0, 28, 0)):
        ledger = Ledger()
        entries = {
            26: ("tariff_period", {"period": 0, "start": 0, "version": 1, "assumed": before}),
            27: ("period_registers", {"channel": WATER, "register": 5, "apart": 5}),
            place: ("tariff_period", {"period": 0, "start": 0, "version": 1, "assumed": 0}),
            33: ("period_registers", {"channel": WATER, "register": 9, "apart": 9}),
        }
        for seq, entry in entries.items():
            ledger.receive("ami/h1/events", events(seq - 1, seq, (seq, *entry)), NOW_S)
        message = intervals(28, 30, [30], water(5, 4), start=START_S)
        ledger.receive("ami/h1/intervals", message, NOW_S)
        found = report.numbers(ledger, schedules(city()))["h1"]["told"]["period_registers"]
        assert len(found["water"]["assumed"]) == assumed
        assert len(found["water"]["differing"]) == 1 - assumed


def test_a_register_that_is_not_its_parts(house: House):
    # apart + periods = register, in every telling: else a litre is in two periods or in none.
    house.live()
    house.live(detail={"apart": 999})
    house.live()
    found = told(house)
    assert found["not_adding_up"] == [2 * RECORDS - 1]
    lines = notes(Told(house.ledger, "h1", schedules(city())))
    assert f"in record {2 * RECORDS - 1}, but its periods and what is apart make" in lines[0]


def test_a_value_over_several_hours_is_apart_in_both(house: House):
    # 22:00 to 01:00 UTC in one value, over the begin of the peak at 00:00.
    house.live()
    start_s = START_S + DAY_S + 22 * HOUR_S
    channels = water(house.register, None, None, 70, quality=[8, 8, 16])
    after = RECORDS
    seqs = [after + 1, after + 2, after + 3]
    message = intervals(after, after + 3, seqs, channels, start=start_s)
    house.ledger.receive("ami/h1/intervals", message, NOW_S)
    house.register += 70
    house.amounts[APART] += 70
    house.tell(after + 3, start_s + 3 * HOUR_S, ("period_registers", house.registers()))
    found = told(house)
    assert (found["compared"], found["difference"], found["apart"]) == (1, 0, 1070)


def test_without_a_tariff_it_is_shown_and_not_compared(house: House):
    for _ in range(2):
        house.live()
    data = report.numbers(house.ledger)["h1"]
    assert "rates" not in data
    found = data["told"]["period_registers"]["water"]
    assert found["periods"] == {f"period {i}": house.amounts[i] for i in range(3)}
    assert "difference" not in found
    assert "not compared with the intervals: give --tariff" in printed(house.ledger)


def test_what_cannot_be_read_is_passed_over(house: House):
    for detail in (
        {"channel": 4},
        {"register": None},
        {"p1": "7"},
        {"apart": [1]},
        {"channel": []},
    ):
        house.live(detail=detail)
    assert report.numbers(house.ledger)["h1"]["told"] == {"period_registers": {}, "demand": []}
    assert "registers by period" not in printed(house.ledger, city())


def test_demand_of_a_month_is_the_last_that_was_told(house: House):
    month_s = START_S - 5 * DAY_S + 8 * HOUR_S
    first = {"month": month_s, "delivered_w": 900, "delivered_at": START_S, "received_w": 0}
    first |= {"received_at": 0, "left_out": 3}
    later = first | {"delivered_w": 2400, "delivered_at": START_S + 7 * HOUR_S, "left_out": 4}
    following = first | {"month": month_s + 31 * DAY_S, "received_w": 75, "received_at": START_S}
    for seq, detail in enumerate((first, following, later, {"month": "May"})):
        house.tell(seq, START_S, ("demand", detail))
    found = report.numbers(house.ledger)["h1"]["told"]["demand"]
    assert [each["month_s"] for each in found] == [month_s, month_s + 31 * DAY_S]
    assert (found[0]["delivered_w"], found[0]["left_out"]) == (2400, 4)
    lines = [" ".join(line.split()) for line in printed(house.ledger).splitlines()]
    assert "2026-03-01 08:00 2400 2026-03-06 07:00 0 - 4" in lines
    assert "2026-04-01 08:00 900 2026-03-06 00:00 75 2026-03-06 00:00 3" in lines


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    house = House(Ledger(tmp_path / "db"))
    for _ in range(3):
        house.live()
    house.ledger.close()
    plans = []
    for name, plan in (("a", city()), ("b", city(version=2, effective="2026-07-01"))):
        (tmp_path / name).write_text(json.dumps(plan))
        plans += ["--tariff", str(tmp_path / name)]
    arguments = ["report", "--db", str(tmp_path / "db"), *plans]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["h1"]
    assert found["told"]["period_registers"]["water"]["compared"] == 2
    assert found["rates"]["water"]["periods"]["peak, version 2"] == 0
    assert main(arguments) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "h1: E-1-TOU, version 1" in said and "h1: E-1-TOU, version 2" in said
    assert "h1: both tariffs channel apart sum" in said
    assert "2 stretches compared with the intervals" in said
