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

from lib import setting, settings  # isort: skip

SCHEMA = json.loads(Path(__file__).with_name("site.schema.json").read_text(encoding="utf-8"))
# what is said of a value by its schema; all other rules are of names
_VALUES = {
    "type": "must be of type {}",
    "minLength": "must have {} characters at least",
    "maxLength": "must have {} characters at most",
}
_OURS = ("console.secret", "collector.id")


class SiteError(Exception):
    """The file cannot be used; a line for each thing that is wrong."""


@dataclass(frozen=True)
class Wanted:
    """What one collector is to have. secret: of its console, or None. files: by their names in
    site/. previous_secret: the one that it may still have, or None.
    """

    settings: dict[str, Any]
    secret: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    previous_secret: str | None = None


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
        raise SiteError(f"{path}: is no YAML{_place(error)}") from error
    problems = [
        f"{'.'.join(str(each) for each in error.absolute_path) or 'the file'}: {_said(error)}"
        for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(told)
    ]
    if not problems:
        problems = _wrong(told)
    if problems:
        raise SiteError("\n".join(f"{path}: {problem}" for problem in problems))
    return Site(told["site"], {name: _wanted(told, name, path) for name in told["collectors"]})


def _place(error: Exception) -> str:
    """Where that is; not what stands there, which may be a secret."""
    mark = getattr(error, "problem_mark", None)
    if not mark:
        return ", or is damaged"
    place = f"line {mark.line + 1}, column {mark.column + 1}"
    return f": {place}: is a quotation mark missing there or above?"


def _said(error: jsonschema.ValidationError) -> str:
    """What is wrong, without the value: it may be a secret, or a mapping with some in it."""
    said = _VALUES.get(str(error.validator))
    limit = error.validator_value
    if not said:
        return error.message
    return said.format(" or ".join(limit) if isinstance(limit, list) else limit)


def _wanted(told: dict[str, Any], name: str, path: Path) -> Wanted:
    own = _own(told, name)
    files = (told.get("files") or {}) | own.get("files", {})
    contents = {}
    for each, where in files.items():
        try:
            contents[each] = (path.parent / where).read_bytes()
        except OSError as error:
            raise SiteError(f"{path}: {name}: {each}: {where}: {error.strerror}") from error
    secret, previous = (_shared(told, name, key) for key in ("secret", "previous_secret"))
    if previous == secret:  # of all the others, but this one keeps it
        previous = None
    return Wanted(_settings(told, name), secret, contents, previous)


def _own(told: dict[str, Any], name: str) -> dict[str, Any]:
    return (told.get("own") or {}).get(name, {})


def _shared(told: dict[str, Any], name: str, key: str) -> str | None:
    """Its own one, or that of all."""
    return _own(told, name).get(key, told.get(key))


def _settings(told: dict[str, Any], name: str) -> dict[str, Any]:
    return (told.get("settings") or {}) | (told["collectors"][name] or {})


def _wrong(told: dict[str, Any]) -> list[str]:
    """What the firmware would refuse."""
    strangers = set(told.get("own") or {}) - set(told["collectors"])
    problems = [f"own.{name}: is none of the collectors" for name in sorted(strangers)]
    problems += _wrong_secrets(told)
    for name in told["collectors"]:
        values = _settings(told, name)
        for key in _OURS:
            if key in values:
                problems.append(f"{name}: {key}: is not set in a site file")
        text = json.dumps(values).encode()
        problems += [f"{name}: {problem}" for problem in settings.parse(text, config.table)[1]]
    return problems


def _wrong_secrets(told: dict[str, Any]) -> list[str]:
    holders = {"": told}
    holders |= {f"own.{name}.": own for name, own in (told.get("own") or {}).items()}
    problems = [
        f"{place}previous_secret: is the secret itself: say the one that it had before"
        for place, each in holders.items()
        if each.get("secret", "") == each.get("previous_secret")
    ]
    for name in told["collectors"]:
        secret = _shared(told, name, "secret")
        if secret:
            problem = setting.judged("console.secret", secret, {}, config.table)[0]
            problems += [f"{name}: {problem}"] * bool(problem)
        elif _shared(told, name, "previous_secret"):
            problems.append(f"{name}: previous_secret: add the `secret` that it is to have now")
    return problems
