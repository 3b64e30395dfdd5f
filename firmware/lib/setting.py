"""One setting: whether a value is right, what is wrong with it, and what is told of its change.

row: (key, type, default, limits) of it. table: a function that returns all rows, as
settings_table.py does.
"""

import json

_NAME_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_CHARS = {"name": _NAME_CHARS, "file": _NAME_CHARS + "_"}
_CHARS_TOLD = {"name": ", only a-z, 0-9 and -", "file": ", only a-z, 0-9, - and _"}


def judged(key: object, value: object, stored: dict, table) -> tuple:
    """(problem, default, told) of a new `value` for `key`; `stored`: what is set by now. problem:
    None when the value is right.

    told: the old and the new value as an event can tell them: a number; a choice among others by
    its place; a text not at all.
    """
    for row in table():
        if row[0] == key:
            wrong = problem(row, value)
            if wrong:
                return "%s: %s" % (key, wrong), None, ()
            before = stored.get(row[0], row[2])
            if problem(row, before):
                before = row[2]
            return None, row[2], _told(row, before) + _told(row, value)
    return unknown(key, table), None, ()


def unknown(key: object, table) -> str:
    """That there is no such key, and which there are near it: those of its group."""
    group = str(key).split(".")[0]
    near = [row[0] for row in table() if row[0].split(".")[0] == group]
    return "%s: unknown key%s" % (key, "; this group has " + ", ".join(near) if near else "")


def problem(row: tuple, value: object) -> str | None:
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


def _told(row: tuple, value) -> tuple:
    if type(value) is int:
        return (value,)
    return (row[3].index(value),) if row[1] == "choice" else ()


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
