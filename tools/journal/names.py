"""Names for what words.py tells by its place: the channels of a collector, and the integers of an
event; and of a setting that was stored. The words of events are the firmware's own, the only thing
here that is; all else is read without it.
"""

from functools import cache
from typing import Any

import tools.firmware_path  # noqa: F401  (the last import is the firmware's)
from tools.headend.messages import CHANNELS
from tools.setting_names import with_setting

from lib import event_words  # isort: skip

_BY_CHANNEL = ("register", "since", "carry", "carry_change", "delta", "quality")


def named(told: dict[str, Any]) -> dict[str, Any]:
    """What `Words.describe` says, with names. What has none that is known here stays a list."""
    found = {key: _by_channel(key, value) for key, value in told.items()}
    if "values" in found:
        values = found.pop("values")
        found["type"], *names = _event(found["type"])
        detail = dict(zip(names, values, strict=False))
        found["detail"] = with_setting(found["type"], detail)
        if values[len(names) :]:
            found["further"] = values[len(names) :]
    return found


def _by_channel(key: str, value: Any) -> Any:
    if key == "channel" and value in range(len(CHANNELS)):
        return CHANNELS[value]
    if key in _BY_CHANNEL and len(value) == len(CHANNELS):
        return dict(zip(CHANNELS, value, strict=True))
    return value


@cache
def _event(kind: int) -> list[str]:
    """The word of a type, and the names of its integers."""
    return event_words.of(kind)
