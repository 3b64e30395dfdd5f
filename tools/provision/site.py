"""A site file: YAML, checked by its schema and by the firmware's own rules before a port is
opened.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tools import config
from tools.firmware_path import FIRMWARE  # noqa: F401  (makes the firmware's modules importable)

from lib import settings  # isort: skip

SCHEMA = json.loads(Path(__file__).with_name("site.schema.json").read_text(encoding="utf-8"))
_OURS = ("console.secret", "collector.id")


class SiteError(Exception):
    """The file cannot be used; a line for each thing that is wrong."""


@dataclass(frozen=True)
class Site:
    """name: of the site. secret: of its collectors, or None. collectors: settings by name."""

    name: str
    secret: str | None
    collectors: dict[str, dict[str, Any]]


def load(path: Path) -> Site:
    """The file, whole; SiteError when anything in it is wrong."""
    try:
        told = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise SiteError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as error:
        raise SiteError(f"{path}: is no YAML: {' '.join(str(error).split())}") from error
    problems = [
        f"{'.'.join(str(each) for each in error.absolute_path) or 'the file'}: {error.message}"
        for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(told)
    ]
    if not problems:
        problems = _wrong(told)
    if problems:
        raise SiteError("\n".join(f"{path}: {problem}" for problem in problems))
    shared = told.get("settings") or {}
    collectors = {name: shared | (own or {}) for name, own in told["collectors"].items()}
    return Site(told["site"], told.get("secret"), collectors)


def _wrong(told: dict[str, Any]) -> list[str]:
    """What the firmware would refuse."""
    problems = []
    for name, own in told["collectors"].items():
        values = (told.get("settings") or {}) | (own or {})
        for key in _OURS:
            if key in values:
                problems.append(f"{name}: {key}: is not set in a site file")
        text = json.dumps(values).encode()
        problems += [f"{name}: {problem}" for problem in settings.parse(text, config.table)[1]]
    return problems
