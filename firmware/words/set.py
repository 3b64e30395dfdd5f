"""Settings, as somebody types them."""

from micropython import const

import once
from lib import words
from settings_table import table

once.forget("lib.words")
once.forget("settings_table")

_TECHNICIAN = const(2)  # EVENTS.md


async def run(visit, arguments: list) -> tuple:
    """They are checked and stored, all or none: by the next step."""
    if not arguments or len(arguments) % 2:
        raise ValueError('set: a key and a value, such as: set wifi.ssid "Our network"')
    if "console.secret" in arguments[::2] and not visit.secret:
        raise ValueError("set: 'claim' stores the first secret")
    settings = {}
    for place in range(0, len(arguments), 2):
        settings[arguments[place]] = _value(*arguments[place : place + 2])
    return "commands.storing", visit.site, settings, _TECHNICIAN


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
