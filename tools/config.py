"""Reads a collector's configuration file on the host, by the firmware's own rules; refuses it
whole if anything is wrong.
"""

import json
from pathlib import Path
from typing import Any

from tools.firmware_path import FIRMWARE  # noqa: F401  (makes the firmware's modules importable)

from lib import settings  # isort: skip


class ConfigError(Exception):
    """The file cannot be used; one line says where, what and why."""


def load_settings(path: Path) -> dict[str, Any]:
    """The keys that the file sets, checked. Raises ConfigError with every problem in one line."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    _, problems = settings.parse(text)
    if problems:
        raise ConfigError(f"{path}: {'; '.join(problems)}")
    return json.loads(text)
