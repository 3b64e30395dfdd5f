"""The leak rules of a channel as a text, made for its meter; and what the guarantee can promise.

A text such as "day burst=600 rate=10/24" names the rules: LEAKS.md. Needed at start only.
"""

import once
from lib import leak

_QUARTER_S = 900
_HOUR_S = 3600
_LATE_S = 60  # a quarter-hour ends so much later than it should, at the most (leaks/closing.py)
_SPAN_MAX = 48  # quarter-hours: two of its rings' words (lib/leak.py)
_MOST = 3
_UNSET = "day burst=600"  # lib/settings.py; where one pulse is more, nobody asked for a burst
# word: lowest and highest of its numbers
_WORDS = {
    "day": (),
    "hour": (1, 1000000),
    "rate": (1, 100000),
    "starts": (0, 100000),
    "burst": (1, 1000000),
    "stop": (1, 9999),
    "most": (1, 9),
    "latch": (),
}
_STARTS_PER_H = 15  # class C of the old classes, which most houses have or better


def parse(text: str, num: int, den: int) -> tuple:
    """(rules, least of an hour, span, enough, runs of the guarantee, burst, stop, most, latch,
    num, den) as lib/leak.py wants them, in pulses of `num`/`den` and quarter-hours; () when there
    are none. ValueError with what is wrong.
    """
    given = _given(text)
    mask = 1 << leak.AWAY if given else 0
    if "day" in given:
        mask |= 1 << leak.CONTINUOUS | 1 << leak.INTERMITTENT | 1 << leak.HOURS
    for word, rule in (
        ("hour", leak.LEAST),
        ("rate", leak.RATE),
        ("burst", leak.BURST),
        ("stop", leak.STOPPED),
    ):
        if word in given:
            mask |= 1 << rule
    if not mask:
        return ()
    least = _pulses("hour", given, num, den, 1000)
    if text == _UNSET and given["burst"][0] * den < num:
        return parse("day", num, den)
    burst = _pulses("burst", given, num, den, 1)
    guarantee = (1, 1, 0)
    if "rate" in given:
        guarantee = promise(*given["rate"], num=num, den=den, starts=_one(given, "starts"))
    stop = _one(given, "stop") * 4
    told = _one(given, "most") or _MOST, int("latch" in given)
    return (mask, least) + guarantee + (burst, stop) + told + (num, den)


def keep(values: dict) -> list:
    """Have no rules in a configuration that its pulses cannot keep; what is wrong."""
    once.forget("lib.leak_rules")
    problems = []
    for name in ("water", "gas"):
        key = name + ".leak"
        try:
            parse(values[key], values[name + ".pulse_num"], values[name + ".pulse_den"])
        except ValueError as error:
            values[key] = ""
            problems.append("%s: %s" % (key, error))
    return problems


def promise(per_h: int, hours: int, num: int, den: int, starts: int = 0) -> tuple:
    """(quarter-hours of a span, pulses that must come in each, spans in a row) such that a flow of
    `per_h` or more for so many `hours` is certain to be told, and half of it or less never.
    ValueError where that cannot be.
    """
    starts = starts or _STARTS_PER_H
    if per_h < starts:
        raise ValueError(
            "rate: the meter starts at %d an hour: nothing is promised of %d" % (starts, per_h)
        )
    if hours * per_h * den < 2 * num:
        raise ValueError(
            "rate: one pulse of %d/%d takes %d min at %d an hour: two must fit into %d h"
            % (num, den, 60 * num // (den * per_h), per_h, hours)
        )
    for span in range(1, min(_SPAN_MAX, 4 * hours - 1) + 1):
        surely = per_h * (span * _QUARTER_S - _LATE_S) * den // (num * _HOUR_S)
        if surely:
            enough = surely if span == 1 else 1
            apart = (4 * hours - 1) // span
            window_s = apart * span * _QUARTER_S + _LATE_S
            at_half = -(-per_h * window_s * den // (2 * num * _HOUR_S))
            if apart * enough > at_half:
                return span, enough, 4 * hours - span
    raise ValueError(
        "rate: %d and %d an hour cannot be told apart within %d h of pulses of %d/%d"
        % (per_h, per_h // 2, hours, num, den)
    )


def _given(text: str) -> dict:
    """The numbers behind each word of the text."""
    given = {}
    for item in text.split():
        word, _, told = item.partition("=")
        if word not in _WORDS:
            raise ValueError("%s: must be of %s" % (word, " ".join(sorted(_WORDS))))
        limits = _WORDS[word]
        numbers = told.split("/") if told else []
        if len(numbers) != (2 if word == "rate" else 1 if limits else 0):
            raise ValueError(
                "%s: must look like %s"
                % (item, "rate=10/24" if word == "rate" else word + "=1" if limits else word)
            )
        for number in numbers:
            if not (number.isdigit() and limits[0] <= int(number) <= limits[1]):
                raise ValueError("%s: %s must be from %d to %d" % ((item, number) + limits))
        given[word] = [int(number) for number in numbers]
    if "rate" in given and not 2 <= given["rate"][1] <= 240:
        raise ValueError("rate: the hours must be from 2 to 240")
    return given


def _one(given: dict, word: str) -> int:
    return given[word][0] if word in given else 0


def _pulses(word: str, given: dict, num: int, den: int, parts: int) -> int:
    """An amount, in so many `parts` of a unit, as pulses; one is less than it."""
    amount = _one(given, word)
    if amount and amount * den < num * parts:
        raise ValueError("%s: %d is less than one pulse" % (word, amount))
    return -(-amount * den // (num * parts)) or 1
