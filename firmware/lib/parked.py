"""A setting that waits in the chip's RTC memory for the next start, whose heap is whole.

It lies behind the record of lib/legacy.py, and does not outlive a loss of power.
"""

import json
from binascii import crc32

from lib.jsontext import JsonWriter

BEFORE_BYTES = 35  # safemode.py's, and those of lib/legacy.py


_SOURCE = ""  # no setting has this name


def behind(memory: bytes, key: str, value: int | str | bool, source: int) -> bytes:
    """The memory with the setting in it, and who wants it; ValueError when another one waits."""
    if read(memory):
        raise ValueError("another setting waits for the restart that is under way")
    out = JsonWriter(len(key) + 12 * len(str(value)) + 24)  # two escapes a character at most
    out.put("{")
    out.pair(key, value)
    out.put(",")
    out.pair(_SOURCE, source)
    out.put("}")
    text = bytes(out.text())
    return memory[:BEFORE_BYTES] + crc32(text).to_bytes(4, "little") + text


def read(memory: bytes) -> tuple:
    """(key, value, source); () when there is none, or a bit of it is wrong."""
    text = memory[BEFORE_BYTES + 4 :]
    checksum = int.from_bytes(memory[BEFORE_BYTES : BEFORE_BYTES + 4], "little")
    if not text or checksum != crc32(text):
        return ()
    setting = json.loads(text)
    source = setting.pop(_SOURCE)
    return list(setting.items())[0] + (source,)
