"""The books over a real journal: how old what they know is, and what a boot takes up."""

import asyncio
from typing import Any

import pytest

from books import Books
from host_sim.models.nor import SECTOR_BYTES, Nor
from journal import Journal
from lib import frame
from tests.sim.partition import Partition

HOUR_S = 3600
T0_S = 1_772_409_600
WEEK_S = 7 * 86_400


class Clock:
    def __init__(self, unix_s: int | None) -> None:
        self.utc_s = unix_s

    def unix_s(self) -> int | None:
        return self.utc_s

    def now_s(self) -> int:
        return self.utc_s or self.uptime_s()

    def uptime_s(self) -> int:
        return 0

    def is_trusted(self) -> bool:
        return True


def booted(nor: Nor, unix_s: int | None) -> tuple[Books, Clock]:
    journal = Journal(Partition(nor))
    journal.open()
    clock = Clock(unix_s)
    config: dict[str, Any] = {"interval_s": HOUR_S}
    books = Books(config, journal, clock, asyncio.Event())
    books.restore()
    return books, clock


def lived(hours: int) -> Nor:
    """A ring in which a meter was read for so many hours; the second channel never was."""
    nor = Nor(8 * SECTOR_BYTES, write_once_16=True)
    books, clock = booted(nor, T0_S)
    books.time_known()
    for hour in range(hours + 1):
        clock.utc_s = T0_S + hour * HOUR_S
        books.take(0, 1000 + 10 * hour)
        books.close_due()
    return nor


def test_the_age_of_a_register_is_that_of_its_last_interval() -> None:
    nor = lived(5)
    books, _ = booted(nor, T0_S + 9 * HOUR_S)
    assert books.register(0) == 1050
    assert books.age_s(0) == 4 * HOUR_S


def test_where_no_interval_tells_it_may_be_a_week_more() -> None:
    # Nobody knows how long the second channel was silent before this sector was opened.
    books, _ = booted(lived(5), T0_S + 9 * HOUR_S)
    assert books.age_s(1) == 4 * HOUR_S + WEEK_S


def test_without_a_clock_or_a_history_no_age_is_known() -> None:
    assert booted(lived(5), None)[0].age_s(0) is None
    assert booted(Nor(8 * SECTOR_BYTES), T0_S)[0].age_s(0) is None


def test_what_is_carried_survives_a_boot() -> None:
    nor = lived(2)
    books, _ = booted(nor, T0_S + 3 * HOUR_S)
    books.carries[:] = [4_321_888, 0, 2, -7]
    books.checkpoint()
    assert booted(nor, None)[0].carries == [4_321_888, 0, 2, -7]


def starts(nor: Nor) -> list[int]:
    """The hour after T0 in which each interval in the journal begins, in order."""
    journal = Journal(Partition(nor))
    journal.open()
    found = []
    cursor, boundary_s = journal.newest_sector(), 0
    while (entry := cursor.next()) is not None:
        if frame.is_frame(entry.kind):
            interval = frame.unpack(entry.kind, entry.payload, boundary_s)
            boundary_s = interval.start_s + interval.period_s
            found.append((interval.start_s - T0_S) // HOUR_S)
    return found


def test_a_clock_that_goes_back_closes_nothing_twice() -> None:
    # At five past three it becomes one: the hours that were closed stay closed, and the open one
    # ends when three o'clock has passed once more and it is four.
    nor = lived(0)
    books, clock = booted(nor, T0_S)
    books.time_known()
    for minute in (*range(0, 185, 5), *range(60, 305, 5)):
        back_s = clock.utc_s or 0
        clock.utc_s = T0_S + minute * 60
        if clock.utc_s < back_s:
            books.time_moved(clock.utc_s - back_s)
        books.take(0, 1000 + minute)
        books.close_due()
    assert starts(nor) == [0, 1, 2, 3, 4]


def test_a_day_whose_check_fails_closes_no_hour_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    # The heap is used up just when the journal is read again at midnight: the hour is stored, so
    # whoever goes on must go on with the next one.
    def fail(*_: object) -> None:
        raise MemoryError

    nor = lived(23)
    books, clock = booted(nor, T0_S + 23 * HOUR_S + 60)
    books.time_known()
    monkeypatch.setattr("replay.check_day", fail)
    clock.utc_s = T0_S + 24 * HOUR_S
    books.take(0, 1400)
    with pytest.raises(MemoryError):
        books.close_due()
    books.close_due()
    assert starts(nor)[-2:] == [22, 23]


def test_a_clock_that_leaps_over_boundaries_closes_them_all() -> None:
    nor = lived(0)
    books, clock = booted(nor, T0_S + 60)
    books.time_known()
    clock.utc_s = T0_S + 3 * HOUR_S + 60
    books.time_moved(3 * HOUR_S)
    books.take(0, 1500)
    books.close_due()
    assert starts(nor) == [0, 1, 2]


def test_a_boundary_that_is_due_is_closed_although_the_clock_was_moved() -> None:
    # The time server is asked between the reading at a boundary and its closing.
    nor = lived(0)
    books, clock = booted(nor, T0_S + 60)
    books.time_known()
    clock.utc_s = T0_S + HOUR_S
    books.take(0, 1500)
    books.time_moved(0)
    books.close_due()
    assert starts(nor) == [0]
