"""The collector's configuration: the validation of a text against a table of keys, settings.txt.

The configuration is a flat JSON object. Only what differs from the defaults is stored. `parse`
never fails: a wrong value falls back to its default and is reported in one line that names the
key, what is wrong and what is allowed. A host program refuses a text with any problem; the
board runs on with the defaults and reports.

`table`, here: a function that returns the rows of the table, read anew each time: as a whole it
would take a tenth of what a chip has free.
"""

import json

from lib.jsontext import JsonWriter, load_object

MAX_BYTES = 2048

# Keys whose values are held against each other.
_TOGETHER = (
    "checkpoint_pulses",
    "water.most_per_min",
    "gas.most_per_min",
    "water.leak",
    "water.pulse_num",
    "water.pulse_den",
    "gas.leak",
    "gas.pulse_num",
    "gas.pulse_den",
    "events.classes",
)
# checkpoint_pulses at the highest rate lasts for so many seconds at least; below, no look at the
# counters could be soon enough (pulses.py)
_PROMISE_S = 6

_NAME_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_CHARS = {"name": _NAME_CHARS, "file": _NAME_CHARS + "_"}
_CHARS_TOLD = {"name": ", only a-z, 0-9 and -", "file": ", only a-z, 0-9, - and _"}


def rows(lines):
    """(key, type, default, limits) of each line of the table that is no comment."""
    for line in lines:
        if line[0] not in "#\r\n":
            key, kind, told = line.split(" ", 2)
            default, *limits = json.loads(told)
            yield key, kind, default, tuple(limits)


def parse(text: bytes, table) -> tuple:
    """(values, problems): a dict with every key of the table, and a list of lines, empty when
    good.
    """
    data, problems = _loaded(text)
    # the default rules fit every pulse: where none are set, a start need not load what checks them
    keys = [key for key in data if ".pulse_" not in key]
    values = {row[0]: value for row, value in _set(data, problems, table)}
    problems += [unknown(key, table) for key in sorted(data)]
    return values, problems + _kept(values, keys)


def changed(text: bytes, key, value, table) -> tuple:
    """(new text, problems, told): a text that was stored, with another `value` for `key`. Takes
    little heap: the values are not all there at once.

    told: the old and the new value as an event can tell them: a number; a choice among others by
    its place; a text not at all.
    """
    data, _ = _loaded(text)
    told, together = None, {}
    # what is set by now, with three characters between two; a character takes two escapes at most
    size = len(text) + 4 * len(data) + 12 * len(str(value)) + 64
    out = JsonWriter(min(size, MAX_BYTES))
    for row, now in _set(data, [], table):
        if row[0] == key:
            problem = _problem(row, value)
            if problem:
                return b"", ["%s: %s" % (key, problem)], ()
            told, now = _told(row, now) + _told(row, value), value
        _put(out, row, now)
        if row[0] in _TOGETHER:
            together[row[0]] = now
    out.put("}\n" if out.length else "{}\n")
    if told is None:
        return b"", [unknown(key, table)], ()
    return bytes(out.text()), _kept(together, [key]), told


def dump(values: dict, table) -> bytes:
    """The text that `parse` turns into `values`: what differs from the defaults, in table order.

    IndexError when it is longer than MAX_BYTES.
    """
    out = JsonWriter(MAX_BYTES)
    for row in table():
        _put(out, row, values[row[0]])
    out.put("}\n" if out.length else "{}\n")
    return bytes(out.text())


def unknown(key: object, table) -> str:
    """That there is no such key, and which there are near it: those of its group."""
    group = str(key).split(".")[0]
    near = [row[0] for row in table() if row[0].split(".")[0] == group]
    return "%s: unknown key%s" % (key, "; this group has " + ", ".join(near) if near else "")


def _loaded(text: bytes) -> tuple:
    """(what the text sets, what is wrong with it as a whole)."""
    if len(text) > MAX_BYTES:
        return {}, ["configuration has %d bytes; at most %d" % (len(text), MAX_BYTES)]
    data = load_object(text)
    if data is None:
        return {}, ["configuration is not a JSON object of keys and values; is it truncated?"]
    return data, []


def _set(data: dict, problems: list, table):
    """(row, value) of each row; what `data` sets is taken out of it, and told where it is wrong:
    then it is the default.
    """
    for row in table():
        key, _, value, _ = row
        if key in data:
            wanted = data.pop(key)
            problem = _problem(row, wanted)
            if not problem:
                value = wanted
            else:
                problems.append("%s: %s" % (key, problem))
                if key == "mqtt.tls":  # somebody wanted something of it: never in the clear
                    value = True
        yield row, value


def _put(out: JsonWriter, row: tuple, value) -> None:
    """Write a member of the object, unless it is the default."""
    if value != row[2]:
        out.put("{" if out.length == 0 else ",\n ")
        out.pair(row[0], value)


def _told(row: tuple, value) -> tuple:
    if type(value) is int:
        return (value,)
    return (row[3].index(value),) if row[1] == "choice" else ()


def _kept(values: dict, keys: list) -> list:
    """Let what several values promise together be kept, and what takes code of its own to check;
    what was wrong with them. keys: what was set.
    """
    wanted = values["checkpoint_pulses"]
    rate = max(values["water.most_per_min"], values["gas.most_per_min"])
    least = (rate * _PROMISE_S + 59) // 60 + 2
    problems = []
    if wanted < least:
        values["checkpoint_pulses"] = least
        told = "checkpoint_pulses: %d is wrong; at %d pulses a minute it must be %d or more"
        problems.append(told % (wanted, rate, least))
    if any(key[-5:] == ".leak" or ".pulse_" in key for key in keys):
        from lib import leak_rules

        problems += leak_rules.keep(values)
    if "events.classes" in keys:
        from lib import event_classes

        problems += event_classes.keep(values)
    return problems


def _problem(row: tuple, value: object) -> str | None:
    """What is wrong with `value`, None when nothing is. The value of a secret is not told."""
    _, kind, _, limits = row
    if kind == "choice":
        good = any(type(value) is type(choice) and value == choice for choice in limits)
    elif kind == "integer":
        good = type(value) is int and limits[0] <= value <= limits[1]
    else:
        good = isinstance(value, str) and limits[0] <= _text_bytes(value) <= limits[1]
        if good and kind in _CHARS:
            good = all(char in _CHARS[kind] for char in str(value))
        elif good and kind == "date":
            good = not value or _is_date(str(value))
    if good:
        return None
    shown = "this value" if kind == "secret" else _shown(value)
    return "%s is wrong; must be %s" % (shown, _allowed(kind, limits))


def _allowed(kind: str, limits: tuple) -> str:
    if kind == "choice":
        return " or ".join([_shown(choice) for choice in limits])
    if kind == "integer":
        return "an integer from %d to %d" % limits
    if kind == "date":
        return "a date such as 2026-03-31, or empty"
    return "a text of %d to %d bytes" % limits + _CHARS_TOLD.get(kind, "")


def _is_date(text: str) -> bool:
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2]:
        return False
    if not all(digit in "0123456789" for digit in "".join(parts)):
        return False
    year, month, day = [int(part) for part in parts]
    days = 30 + (month + month // 8) % 2
    if month == 2:
        days = 28 if year % 4 or not year % 100 and year % 400 else 29
    return 1 <= month <= 12 and 1 <= day <= days


def _text_bytes(text: str) -> int:
    try:
        return len(text.encode())
    except ValueError:  # half a surrogate pair is no character
        return -1


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."
