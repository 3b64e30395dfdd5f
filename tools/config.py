"""Reads a collector's configuration file on the host, by the firmware's own rules; refuses it
whole if anything is wrong.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.firmware_path import FIRMWARE

from lib import config_text, settings  # isort: skip
from settings_table import FILE, rows  # isort: skip


def table() -> Iterator[tuple[str, str, Any, tuple[Any, ...]]]:
    """The firmware's keys: (key, type, default, limits) of each."""
    with (FIRMWARE / FILE).open(encoding="utf-8") as lines:
        yield from rows(lines)


def stored_text(values: dict[str, Any]) -> bytes:
    """What a collector stores when these are set and nothing else, as it does it."""
    text = b"{}\n"
    for key, value in values.items():
        _, amended, _ = config_text.amended(text, key, value, table)
        text = amended or text
    return text


class ConfigError(Exception):
    """The file cannot be used; one line says where, what and why."""


def load_settings(path: Path) -> dict[str, Any]:
    """The keys that the file sets, checked. Raises ConfigError with every problem in one line."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    _, problems = settings.parse(text, table)
    if problems:
        raise ConfigError(f"{path}: {'; '.join(problems)}")
    return json.loads(text)
