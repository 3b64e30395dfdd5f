"""How urgent an event is: what the configuration may say of it, and what it may not."""

from lib import event_classes, event_words, events
from lib.event_words_0 import TEXT as BELOW_10
from lib.event_words_1 import TEXT as BELOW_20
from lib.event_words_2 import TEXT as BELOW_30
from lib.event_words_3 import TEXT as BELOW_40
from lib.event_words_4 import TEXT as BELOW_50


def refusal(text):
    try:
        event_classes.parse(text)
    except ValueError as error:
        return str(error)
    raise AssertionError("taken: " + text)


def test_without_a_word_all_is_as_it_was():
    now, log = event_classes.parse("")
    assert sorted(now) == sorted(events.ALARMS + events.AFTER_HOLD)
    assert log == ()


def test_a_type_is_of_the_class_that_is_told_last():
    assert events.BACKFLOW in events.ALARMS and events.VOLTAGE_OVER not in events.ALARMS
    now, log = event_classes.parse("backflow=ride voltage_over=now meter_silent=log")
    assert events.BACKFLOW not in now + log
    assert events.VOLTAGE_OVER in now
    assert events.METER_SILENT not in now and log == (events.METER_SILENT,)
    assert event_classes.parse("backflow=ride backflow=now")[0].count(events.BACKFLOW) == 1
    assert events.MAINS_LOST not in event_classes.parse("mains_lost=ride")[0]


def test_what_cannot_be_meant_is_told():
    assert refusal("leak=now") == "leak: no such event"
    assert refusal("backflow") == "backflow: must be now, ride or log"
    assert refusal("backflow=drop") == "backflow=drop: must be now, ride or log"
    assert refusal("power_up=log") == "power_up: the head-end must know of it"
    assert event_classes.parse("power_up=now")[0][-1] == events.POWER_UP


def test_a_wrong_text_is_none():
    values = {"events.classes": "demand=log"}
    assert event_classes.keep(values) == ["events.classes: demand: the head-end must know of it"]
    assert values == {"events.classes": ""}
    assert event_classes.keep(values) == []


def test_every_type_has_its_number():
    told = []
    for tens, text in enumerate((BELOW_10, BELOW_20, BELOW_30, BELOW_40, BELOW_50)):
        for line in text.strip().split("\n"):
            number, word = line.split()[:2]
            assert int(number) // 10 == tens
            assert event_words.number(word) == int(number)
            assert event_words.of(int(number)) == line.split()[1:]
            told.append(int(number))
    # of all types, each once and in order; and none has been forgotten in the words
    kinds = [getattr(events, name) for name in dir(events) if name.isupper() and name[0] != "_"]
    kinds = [kind for kind in kinds if isinstance(kind, int)]
    assert told == sorted(kinds) == list(range(1, len(kinds) + 1))
    assert event_words.of(len(told) + 1) == ["event_%d" % (len(told) + 1)]
    assert event_words.of(10 * event_words.TENS)[0] == event_words.of(200)[0].replace("200", "50")
    assert event_words.number("address") == event_words.number("") == 0
