"""Settings that wait in the chip's RTC memory for the next start, whose heap is whole.

They lie behind the record of lib/legacy.py, and do not outlive a loss of power.
"""

import json
from binascii import crc32

from lib.jsontext import JsonWriter

BEFORE_BYTES = 35  # safemode.py's, and those of lib/legacy.py
_SOURCE = ""  # no setting has this name


def behind(memory: bytes, settings: dict, source: int) -> bytes:
    """The memory with the settings in it, and who wants them; ValueError when others wait."""
    if read(memory):
        raise ValueError("another setting waits for the restart that is under way")
    room = 24
    for key, value in settings.items():
        room += len(key) + 12 * len(str(value)) + 8  # two escapes a character at most
    out = JsonWriter(room)
    out.put("{")
    for key, value in settings.items():
        if type(value) is tuple:
            out.string(key)
            out.put(":")
            out.numbers(list(value))
        else:
            out.pair(key, value)
        out.put(",")
    out.pair(_SOURCE, source)
    out.put("}")
    text = bytes(out.text())
    return memory[:BEFORE_BYTES] + crc32(text).to_bytes(4, "little") + text


def read(memory: bytes) -> tuple:
    """(settings, source); () when there are none, or a bit of them is wrong."""
    text = memory[BEFORE_BYTES + 4 :]
    checksum = int.from_bytes(memory[BEFORE_BYTES : BEFORE_BYTES + 4], "little")
    if not text or checksum != crc32(text):
        return ()
    settings = json.loads(text)
    source = settings.pop(_SOURCE)
    for key, value in settings.items():
        if type(value) is list:  # JSON has no tuples
            settings[key] = tuple(value)
    return settings, source
