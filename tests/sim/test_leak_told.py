"""What is recorded of an alarm: each says its own, and what is known then is stored once."""

from leaks import Leaks, closing
from lib import events, leak, record, varint
from lib.interval import PulseRegister
from lib.leak_rules import parse

BOTH_VMS = True
WATER = 2


class Books:
    def __init__(self):
        self.told = []
        self.stored = []

    def event(self, kind, values):
        self.told.append((kind, values[1], values[-1]))

    def append(self, kind, payload):
        self.stored.append((kind, payload))


class Count:
    place = WATER
    register = PulseRegister(1, 1, 1000)


def watched(text, state):
    """(watch, books) of a channel with these rules."""
    return [Count, parse(text, 1, 1), varint.pack(bytes((WATER,)), state), 0, ()], Books()


def test_the_end_of_one_alarm_does_not_say_what_another_says_of_its_beginning():
    # The last burst of the day is told together with the end of a flow that nobody has cleared.
    state = [0] * leak.SIZE
    state[leak.TOLD] = 3 << 4 * leak.BURST
    watch, books = watched("day burst=600", state)
    told = [(leak.BURST, True, 2, 700), (leak.CONTINUOUS, False, 96, 4000)]
    closing.tell(books, watch, state, told, 0, False)
    assert books.told == [
        (events.LEAK_BEGAN, leak.BURST + 1, 1),
        (events.LEAK_ENDED, leak.CONTINUOUS + 1, 0),
    ]


def test_with_an_alarm_at_the_full_hour_the_state_is_stored_once():
    state = [0] * leak.SIZE
    watch, books = watched("day", state)
    closing.tell(books, watch, state, [(leak.CONTINUOUS, True, 96, 4000)], 0, True)
    assert books.stored == [(record.LEAK, varint.pack(bytes((WATER,)), state))]


def test_a_person_who_has_seen_to_it_is_told_and_stored_once():
    from leaks import orders  # which forgets what it has loaded

    state = [0] * leak.SIZE
    state[leak.ACTIVE] = state[leak.OVER] = 1 << leak.BURST
    watch, books = watched("burst=600 latch", state)
    assert orders.run(Leaks(None, books, [watch]), WATER, None) == (("active", 0), ("away", 0))
    assert books.told == [(events.LEAK_ENDED, leak.BURST + 1, 1)]
    assert len(books.stored) == 1


def test_what_is_neither_told_nor_due_is_not_stored():
    state = [0] * leak.SIZE
    watch, books = watched("day", state)
    closing.tell(books, watch, state, [], 0, False)
    assert books.stored == [] and books.told == []
