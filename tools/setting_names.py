"""The names of what an event tells by a number: the CRC-16 of a setting's key."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tools.config import table

from lib.crc16 import crc16  # isort: skip

# what else is told so, when it is stored in site/: firmware/words/file.py
_FILES = ("ca.crt", "collector.crt", "collector.key")


def with_setting(kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """The detail of an event of this type, and where it tells of a setting that this firmware
    knows, the name of it first, as `setting`. What is told stays as it is.
    """
    key = detail.get("key") if kind == "config_set" else None
    name = _names().get(key) if isinstance(key, int) else None
    return {"setting": name, **detail} if name else dict(detail)


@cache
def _names() -> dict[int, str]:
    names = (*_FILES, *(key for key, *_ in table()))
    return {crc16(name.encode(), len(name)): name for name in names}
