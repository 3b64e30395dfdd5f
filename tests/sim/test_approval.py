"""Between the readings and the rule of the site: only what got into the books is judged. A reading
that is held, or of another meter, must not look like export, nor like its end.
"""

from approval import Approval
from lib import events
from readings import Readings

BOTH_VMS = True

OPENED_WH = 5000
CONFIG = {
    "meter.serial": 0,
    "meter.rating_w": 0,
    "electricity_delivered.closing": 0,
    "electricity_delivered.opening": 0,
    "electricity_received.closing": 0,
    "electricity_received.opening": 0,
    "site.export_w": 3600,
    "site.export_s": 900,
}


class Model:
    """A meter that shows received energy and its serial number."""

    rating_w = 23000

    def index(self, name):
        return {"electricity_received": 0, "serial_number": 1}.get(name)

    def modulus(self, place):
        return 0


class Clock:
    def __init__(self):
        self.now_s = 1000

    def uptime_s(self):
        return self.now_s


class Books:
    """As they are after a boot: the register is known, and may be older than the readings were."""

    def __init__(self, register):
        self.carries = [0, 0, 0, 0]
        self.told = []
        self._register = register

    def register(self, place):
        return self._register

    def age_s(self, place):
        return 86400

    def take(self, place, register):
        self._register = register

    def event(self, kind, values=()):
        if kind in (events.EXPORT_UNAPPROVED, events.EXPORT_ABOVE, events.EXPORT_WITHIN):
            self.told.append((kind,) + values)

    def mark(self, place, flags):
        pass

    def checkpoint(self):
        pass


def configured(program, more):
    config = {"site.program": program}
    config.update(CONFIG)
    config.update(more)
    return config


def told(program, readings, is_new=False, more=()):
    """What is said when the meter shows this every five minutes; None: it is not there."""
    config = configured(program, more)
    clock, books = Clock(), Books(None if is_new else OPENED_WH)
    approval = Approval(Readings(config, clock, books, Model()), config, books, 1)
    for reading in readings:
        if reading is not None:
            approval.take(list(reading) if isinstance(reading, tuple) else [reading, None])
        clock.now_s += 300
    return books.told


def rising(count, wh=500):
    return [OPENED_WH + wh * place for place in range(count)]


def test_what_came_before_the_first_reading_is_not_told():
    # The meter went on while the collector had no power.
    assert told("none", [OPENED_WH + 9000] * 5) == []
    assert told("nem", [OPENED_WH + 90000] * 5) == []
    assert told("none", [None, OPENED_WH + 9000, OPENED_WH + 9001]) == [
        (events.EXPORT_UNAPPROVED, 1)
    ]


def test_a_new_register_is_not_export():
    # The first reading opens it, when a second one agrees.
    assert told("none", [OPENED_WH] * 5, is_new=True) == []
    assert told("nem", [10**7] * 5, is_new=True) == []


def test_a_held_reading_is_neither_export_nor_its_end():
    # Zero at boot, then a jump that no meter makes: the excess goes on, and is told once.
    readings = rising(6) + [0, 0, 10**7] + rising(12)[9:]
    assert told("nem", readings) == [(events.EXPORT_ABOVE, 6000, 3600)]
    held = [OPENED_WH] * 3 + [0, 0, 10**7] + [OPENED_WH] * 3
    assert told("none", held) == []


def test_a_meter_that_was_replaced_is_not_export():
    # The new one shows 20 Wh where the old one had 5000.
    offset = {"electricity_received.closing": 5000, "electricity_received.opening": 20}
    assert told("none", [20] * 4, more=offset) == []
    # ... also when nobody has said so, and when it is a foreign one
    assert told("none", [OPENED_WH] * 2 + [20] * 4 + [40] * 4) == []
    foreign = [(OPENED_WH, 7)] * 2 + [(OPENED_WH + 500, 8)] * 4
    assert told("none", foreign, more={"meter.serial": 7}) == []


def test_the_status_names_the_program():
    config, books = configured("nem", ()), Books(None)
    readings = Readings(config, Clock(), books, Model())
    assert Approval(readings, config, books, 1).figures() == (("program", "nem"),)
