"""How an outage is told, and how one that did not end is found in the journal."""

from lib import events, outage, record

BOOT = 7


class Entry:
    def __init__(self, kind, payload):
        self.kind = kind
        self.payload = payload


class Cursor:
    def __init__(self, entries):
        self.entries = list(entries)

    def next(self):
        return self.entries.pop(0) if self.entries else None


def event(kind, unix_s=None, values=()):
    return Entry(record.EVENT, events.pack(kind, BOOT, unix_s, values))


LOST = event(events.MAINS_LOST, 1000)
BACK = event(events.MAINS_BACK, 1060, (60, 1000, 1060, 0, 1))
UP = event(events.POWER_UP)
OTHER = event(events.CLOCK_SET, 1200, (0, 0, 5))
CHECKPOINT = Entry(record.CHECKPOINT, b"\x01\x02\x03\x04")


def pending(*entries):
    return outage.pending(Cursor(entries))


def test_what_did_not_end_is_found():
    assert pending(LOST) == (1000, 0)
    assert pending(UP, CHECKPOINT, LOST, CHECKPOINT, OTHER) == (1000, 0)
    assert pending(LOST, UP, OTHER, UP) == (1000, 2)
    assert pending(LOST, BACK, UP, event(events.MAINS_LOST), UP) == (0, 1)


def test_what_ended_is_not():
    assert pending() is None
    assert pending(UP, CHECKPOINT) is None
    assert pending(LOST, UP, BACK, UP) is None
    assert pending(BACK) is None  # its beginning lies before what is looked at


def test_classes():
    # IEEE 1366: five minutes are momentary, one second more is sustained.
    def kind(lasted_s, hold_s):
        return outage.told(1000, 1000 + lasted_s, lasted_s, 0, hold_s)[-1]

    assert kind(0, 0) == outage.MOMENTARY
    assert kind(29, 30) == outage.DIP
    assert kind(30, 30) == outage.MOMENTARY
    assert kind(300, 30) == outage.MOMENTARY
    assert kind(301, 30) == outage.SUSTAINED
    assert kind(301, 600) == outage.DIP


def test_what_no_clock_saw_is_not_made_up():
    # Lost or back at a time that nobody knew, and with a collector that was off in between.
    for lost_s, back_s in ((0, 1060), (1000, 0), (0, 0)):
        assert outage.told(lost_s, back_s, None, 1, 0) == (-1, lost_s, back_s, 1, -1)
    assert outage.told(1000, 1060, None, 1, 0) == (60, 1000, 1060, 1, outage.MOMENTARY)


def test_a_collector_that_lived_through_it_knows_how_long_it_was():
    # And when it began, though the time became known only meanwhile.
    assert outage.told(0, 5000, 90, 0, 30) == (90, 4910, 5000, 0, outage.MOMENTARY)
    assert outage.told(0, 0, 90, 0, 30) == (90, 0, 0, 0, outage.MOMENTARY)


def test_a_clock_that_was_set_back_makes_no_negative_outage():
    assert outage.told(1000, 990, None, 1, 0)[0] == 0
