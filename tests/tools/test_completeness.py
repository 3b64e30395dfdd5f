"""What each day should have brought, and what became of it: every interval is in one of the
sorts, and nothing that is missing passes for received.
"""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from tests.tools.deliveries import HOUR_S, START_S, events, intervals, water
from tools.headend.__main__ import main
from tools.headend.completeness import DAY_S, Day, days
from tools.headend.completeness_report import table
from tools.headend.ledger import Ledger

END_S = START_S + DAY_S  # START_S is a midnight


def told(*messages: tuple[str, bytes, int], place: Path | str = ":memory:") -> Ledger:
    """A ledger, and when it was told what."""
    ledger = Ledger(place)
    for kind, payload, received_s in messages:
        ledger.receive(f"ami/h1/{kind}", payload, received_s)
    return ledger


def day_of(ledger: Ledger, until_s: int = END_S) -> Day:
    return days(ledger, "h1", START_S, until_s, 6)[0]


def hours(first: int, last: int, *deltas: int | None, **more) -> bytes:
    """Hours `first`..`last` of the day as the records with the same numbers."""
    numbers = list(range(first, last + 1))
    values = deltas or [1] * len(numbers)
    start_s = START_S + (first - 1) * HOUR_S
    return intervals(first - 1, last, numbers, water(first, *values), start=start_s, **more)


def test_every_sort_of_hour() -> None:
    # 1..6 in time, but for the first; 7 without a reading; 8..10 in the evening; 11..14 were
    # overwritten in the collector, which says so; 15..20 went nowhere; 21..24 in time.
    ledger = told(
        ("intervals", hours(1, 7, 1, 1, 1, 1, 1, 1, None), START_S + 7 * HOUR_S),
        ("intervals", hours(8, 10), START_S + 18 * HOUR_S),
        ("intervals", hours(21, 24), END_S),
        ("events", events(10, 14, (14, "records_lost", {"first": 11, "last": 14})), END_S),
    )
    # What is lost ends where the next record begins that did arrive; here that is hour 21, so
    # the collector answers for all of the hole until it has told more of it.
    assert day_of(ledger) == Day(START_S, 24, 13, 4, 1, 10, 0)
    ledger.receive("ami/h1/intervals", hours(15, 15), END_S)
    assert day_of(ledger) == Day(START_S, 24, 14, 5, 1, 4, 5)


def test_late_from_the_sixth_hour_on() -> None:
    for seconds, late in ((6 * HOUR_S - 1, 0), (6 * HOUR_S, 1)):
        ledger = told(("intervals", hours(1, 1), START_S + HOUR_S + seconds))
        day = day_of(ledger, START_S + HOUR_S)
        assert (day.expected, day.received, day.late) == (1, 1, late)


def test_two_parts_of_an_hour_are_one_and_as_late_as_the_later() -> None:
    # The power was cut within the hour: two records, which came half a day apart.
    first = intervals(0, 1, [1], water(0, 5, quality=[1]))
    second = intervals(1, 2, [2], water(5, 2, quality=[1]), boot=8)
    ledger = told(
        ("intervals", first, START_S + HOUR_S), ("intervals", second, START_S + 12 * HOUR_S)
    )
    assert day_of(ledger, START_S + HOUR_S) == Day(START_S, 1, 1, 1)


def test_what_has_not_ended_is_not_expected_yet() -> None:
    ledger = told(("intervals", hours(1, 2), START_S + 2 * HOUR_S))
    assert day_of(ledger, START_S + 3 * HOUR_S - 1).expected == 2
    day = day_of(ledger, START_S + 3 * HOUR_S)
    assert (day.expected, day.received, day.missing) == (3, 2, 1)


def test_a_change_to_quarter_hours() -> None:
    # From 02:00 on four a day's hour are expected: also those of which nothing came.
    quarters = intervals(2, 6, [3, 4, 5, 6], water(9, 1, 1, 1, 1), start=START_S + 2 * HOUR_S)
    ledger = told(
        ("intervals", hours(1, 2), START_S),
        ("intervals", quarters.replace(b"3600", b"900"), START_S),
    )
    day = day_of(ledger, START_S + 4 * HOUR_S)
    assert (day.expected, day.received, day.missing) == (2 + 8, 6, 4)


def test_the_table_fits_and_never_rounds_up() -> None:
    ledger = told(("intervals", hours(1, 24), END_S), ("intervals", hours(26, 48), END_S + DAY_S))
    found = days(ledger, "h1", START_S, END_S + DAY_S, 6)
    console = Console(file=io.StringIO(), width=80)
    console.print(table("h1", found, 6))
    assert isinstance(console.file, io.StringIO)
    rows = console.file.getvalue().splitlines()
    assert [row.split() for row in rows if row.strip().startswith("2026")] == [
        ["2026-03-01", "24", "24", "18", "0", "0", "0", "100.0"],
        ["2026-03-02", "24", "23", "17", "0", "0", "1", "95.8"],
    ]


def test_the_command(database: Path | str, capsys: pytest.CaptureFixture[str]) -> None:
    # The same figures from a file and from PostgreSQL; three days of which the middle one has any.
    told(("intervals", hours(1, 23), END_S), place=database).close()
    words = ["completeness", "--db", str(database), "--until", "2026-03-02", "--days", "3"]
    assert main([*words, "--json", "--late-hours", "24"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["late_hours"] == 24
    told_days = found["collectors"]["h1"]
    assert [day["date"] for day in told_days] == ["2026-02-28", "2026-03-01", "2026-03-02"]
    assert [day["expected"] for day in told_days] == [0, 24, 24]
    assert [day["missing"] for day in told_days] == [0, 1, 24]
    assert [day["late"] for day in told_days] == [0, 0, 0]
    assert main(words) == 0
    assert "intervals by day" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--until", "yesterday"], "is not a date"),
        (["--days", "0"], "is not a number from 1"),
        (["--late-hours", "-1"], "is not a number from 1"),
    ],
)
def test_wrong_arguments(words, problem, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["completeness", "--db", "x", *words])
    assert problem in capsys.readouterr().err
