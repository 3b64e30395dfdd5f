"""What comes between meter and books: whose meter it is, and an event at either end of a doubt."""

from typing import Any

from lib import events
from lib.trust import FELL, FOREIGN
from readings import Readings

NAMES = ("electricity_delivered", "voltage_l1_dv", "serial_number")


class Model:
    rating_w = 23_000

    def index(self, name: str) -> int | None:
        return NAMES.index(name) if name in NAMES else None

    def modulus(self, place: int) -> int:
        return 0


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000

    def uptime_s(self) -> int:
        self.now_s += 60
        return self.now_s


class Books:
    """One channel at 5 000 Wh."""

    def __init__(self) -> None:
        self.carries = [0, 0, 0, 0]
        self.told: list[tuple[Any, ...]] = []
        self.now = 5000

    def register(self, place: int) -> int:
        return self.now

    def age_s(self, place: int) -> int:
        return 60

    def take(self, place: int, register: int) -> None:
        self.now = register

    def event(self, kind: int, values: tuple[int, ...] = ()) -> None:
        self.told.append((kind, *values))

    def mark(self, place: int, flags: int) -> None:
        raise AssertionError("nothing was changed")


def readings(serial: int) -> tuple[Readings, Books]:
    books = Books()
    config = {"meter.serial": serial, "meter.rating_w": 0}
    for name in ("electricity_delivered", "electricity_received"):
        config |= {name + ".closing": 0, name + ".opening": 0}
    return Readings(config, Clock(), books, Model()), books


def test_another_serial_number_is_another_meter() -> None:
    taker, books = readings(1234)
    for wh, serial in ((5010, 1234), (9000, 77), (9001, 77), (5020, 1234), (5025, None)):
        taker.take([wh, 2300, serial])
    assert books.now == 5025
    assert books.told == [
        (events.READING_HELD, 0, 77, FOREIGN, 1234),
        (events.READING_TRUSTED, 0, 1234, 0),
    ]


def test_without_a_configured_number_any_will_do() -> None:
    taker, books = readings(0)
    taker.take([5010, 2300, 77])
    assert (books.now, books.told) == (5010, [])


def test_a_doubt_is_told_once_at_either_end() -> None:
    taker, books = readings(0)
    for wh in (5010, 0, 0, None, 0, 5020, 5030):
        taker.take([wh, 2300, 77])
    assert books.now == 5030
    assert books.told == [
        (events.READING_HELD, 0, 0, FELL, 5010),
        (events.READING_TRUSTED, 0, 5020, 3),
    ]
