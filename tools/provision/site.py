"""A site file: YAML, checked by its schema and by the firmware's own rules before a port is
opened.
"""

import json
from dataclasses import dataclass, field
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
class Wanted:
    """What one collector is to have. secret: of its console, or None. files: by their names in
    site/.
    """

    settings: dict[str, Any]
    secret: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """name: of the site. collectors: by name."""

    name: str
    collectors: dict[str, Wanted]


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
    return Site(told["site"], {name: _wanted(told, name, path) for name in told["collectors"]})


def _wanted(told: dict[str, Any], name: str, path: Path) -> Wanted:
    own = (told.get("own") or {}).get(name, {})
    files = (told.get("files") or {}) | own.get("files", {})
    contents = {}
    for each, where in files.items():
        try:
            contents[each] = (path.parent / where).read_bytes()
        except OSError as error:
            raise SiteError(f"{path}: {name}: {each}: {where}: {error.strerror}") from error
    return Wanted(_settings(told, name), own.get("secret", told.get("secret")), contents)


def _settings(told: dict[str, Any], name: str) -> dict[str, Any]:
    return (told.get("settings") or {}) | (told["collectors"][name] or {})


def _wrong(told: dict[str, Any]) -> list[str]:
    """What the firmware would refuse."""
    strangers = set(told.get("own") or {}) - set(told["collectors"])
    problems = [f"own.{name}: is none of the collectors" for name in sorted(strangers)]
    for name in told["collectors"]:
        values = _settings(told, name)
        for key in _OURS:
            if key in values:
                problems.append(f"{name}: {key}: is not set in a site file")
        text = json.dumps(values).encode()
        problems += [f"{name}: {problem}" for problem in settings.parse(text, config.table)[1]]
    return problems
