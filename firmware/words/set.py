"""A setting, as somebody types it."""

from micropython import const

import once
from commands import set as setting
from lib import words
from settings_table import table

once.forget("lib.words")
once.forget("settings_table")

_TECHNICIAN = const(2)  # EVENTS.md


async def run(visit, arguments: list) -> tuple:
    """It is checked and stored; what commands/set.py tells."""
    if len(arguments) != 2:
        raise ValueError('set: a key and a value, such as: set wifi.ssid "Our network"')
    key, text = arguments
    if key == "console.secret" and not visit.secret:
        raise ValueError("set: 'claim' stores the first secret")
    value = _value(key, text)
    return await setting.store(visit.site, {key: value}, _TECHNICIAN)


def _value(key: str, text: str):
    """What is meant: of a number or a choice what looks like it; else the text itself."""
    for row in table():
        if row[0] == key and row[1] == "integer":
            value = words.number(text)
            return text if value is None else value
        if row[0] == key and row[1] == "choice":
            for choice in row[3]:
                if text == (str(choice).lower() if type(choice) is bool else str(choice)):
                    return choice
    return text
