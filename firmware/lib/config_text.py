"""The text of a configuration with another value in it.

A step at a time, and each reads the text anew: neither its values nor the code that checks them
need be in the heap when another step is taken.
"""

import once
from lib.crc16 import crc16
from lib.jsontext import JsonWriter, load_object

_MAX_BYTES = 2048  # lib/settings.py


def amended(text: bytes, key, value, table) -> tuple:
    """(problems, new text, told) of a new `value` for `key`; in a tuple, of so much more than is
    stored. table: settings_table.py.

    Told: CRC-16 of the key, and of a number the old and the new one; of a choice among words their
    places; of a text no more.
    """
    if type(value) is tuple:
        before = _stored(text).get(key, 0)
        value = value[0] + (before if type(before) is int else 0)
    problem, default, told = _judged(text, key, value, table)
    problems = [problem] if problem else _disagreement(text, key, value, table)
    if problems:
        return problems, b"", ()
    try:
        text = _written(text, key, value, default)
    except IndexError:
        told = "%s: the configuration would have more than %d bytes"
        return [told % (key, _MAX_BYTES)], b"", ()
    return [], text, (crc16(key.encode(), len(key)),) + told


def _judged(text: bytes, key, value, table) -> tuple:
    from lib import setting

    once.forget("lib.setting")
    return setting.judged(key, value, _stored(text), table)


def _disagreement(text: bytes, key, value, table) -> list:
    """What would be wrong beside the other values."""
    from lib import agreement

    once.forget("lib.agreement")
    if key not in agreement.TOGETHER:
        return []
    stored = _stored(text)
    values = {}
    for name, _, default, _ in table():
        if name in agreement.TOGETHER:
            is_like_it = type(stored.get(name)) is type(default)
            values[name] = stored[name] if is_like_it else default
    values[key] = value
    return agreement.keep(values, [key])


def _written(text: bytes, key: str, value, default) -> bytes:
    """The text with the value in it, or without the key where it is the default."""
    values = _stored(text)
    values.pop(key, None)
    if value != default:
        values[key] = value
    # three characters between two; a character of the value takes two escapes at most
    out = JsonWriter(min(len(text) + 12 * len(str(value)) + len(key) + 64, _MAX_BYTES))
    for name in sorted(values):
        out.put(",\n " if out.length else "{")
        out.pair(name, values[name])
    out.put("}\n" if out.length else "{}\n")
    return bytes(out.text())


def _stored(text: bytes) -> dict:
    """What it sets, but for what no setting can be."""
    values = load_object(text) or {}
    return {key: value for key, value in values.items() if type(value) in (str, int, bool)}
