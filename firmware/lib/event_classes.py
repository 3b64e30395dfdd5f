"""How urgent each type of event is, where the configuration says something else: EVENTS.md.

A text such as "backflow=ride voltage_out=log" names types and their classes. Needed at start only.
"""

import once
from lib import event_words, events

_CLASSES = ("now", "ride", "log")
# By these the head-end knows what hour it was, what was counted, and what became of the rest.
_OWED = (
    "power_up",
    "clock_set",
    "records_lost",
    "journal_recovered",
    "meter_changed",
    "day_closed",
    "tariff_set",
    "tariff_refused",
    "tariff_period",
    "period_registers",
    "demand",
    "config_set",
    "register_opened",
    "meter_swapped",
    "collector_reset",
    "commissioned",
)


def parse(text: str) -> tuple:
    """(numbers of the types that are told at once, of those that are not told); ValueError with
    what is wrong.
    """
    now = list(events.ALARMS + events.AFTER_HOLD)
    log = []
    for item in text.split():
        word, _, told = item.partition("=")
        kind = event_words.number(word)
        if not kind:
            raise ValueError("%s: no such event" % word)
        if told not in _CLASSES:
            raise ValueError("%s: must be now, ride or log" % item)
        if told == "log" and word in _OWED:
            raise ValueError("%s: the head-end must know of it" % word)
        now = [each for each in now if each != kind]
        if told == "now":
            now.append(kind)
        elif told == "log":
            log.append(kind)
    return tuple(now), tuple(log)


def keep(values: dict) -> list:
    """Have no classes in a configuration that cannot be meant; what is wrong."""
    once.forget("lib.event_classes")
    once.forget("lib.event_words")
    try:
        parse(values["events.classes"])
    except ValueError as error:
        values["events.classes"] = ""
        return ["events.classes: %s" % error]
    return []
